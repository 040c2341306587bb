/** A list in a sentence: `a`, `a or b`, `a, b or c`. */
export function anyOf(texts: readonly string[]): string {
  return joined(texts, "or");
}

/** A list in a sentence: `a`, `a and b`, `a, b and c`. */
export function allOf(texts: readonly string[]): string {
  return joined(texts, "and");
}

function joined(texts: readonly string[], conjunction: string): string {
  const [last = "", ...others] = texts.toReversed();
  return others.length > 0 ? `${others.toReversed().join(", ")} ${conjunction} ${last}` : last;
}
