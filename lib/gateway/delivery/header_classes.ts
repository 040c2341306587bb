/** Names of headers that are treated alike, for one reason. Names are in lower case. */
export interface HeaderClass<Treatment extends string> {
  treatment: Treatment;
  /** Why, as the end of a sentence: these headers … */
  reason: string;
  /** Joined by blanks. */
  names?: string;
  /** How names begin, each with {@link START} characters or more; joined by blanks. */
  prefixes?: string;
  /** How names end; joined by blanks. */
  suffixes?: string;
}

// Prefixes are found by so many characters of a name.
const START = 4;

/**
 * Prepares the question how a header is treated. It costs two look-ups for a name, however many classes
 * there are.
 *
 * @param classes where a name is in two of them, the treatment of the first counts
 * @returns a function of a name in lower case; `undefined` when no class has it
 */
export function treatmentsOf<Treatment extends string>(
  classes: readonly HeaderClass<Treatment>[],
): (name: string) => Treatment | undefined {
  const byName = new Map<string, Treatment>();
  const byStart = new Map<string, (readonly [prefix: string, Treatment])[]>();
  const suffixes: (readonly [suffix: string, Treatment])[] = [];
  for (const { treatment, names, prefixes, suffixes: ends } of classes) {
    for (const name of words(names)) if (!byName.has(name)) byName.set(name, treatment);
    for (const prefix of words(prefixes)) {
      const start = prefix.slice(0, START);
      byStart.set(start, [...(byStart.get(start) ?? []), [prefix, treatment]]);
    }
    for (const suffix of words(ends)) suffixes.push([suffix, treatment]);
  }
  return (name) =>
    byName.get(name) ??
    byStart.get(name.slice(0, START))?.find(([prefix]) => name.startsWith(prefix))?.[1] ??
    suffixes.find(([suffix]) => name.endsWith(suffix))?.[1];
}

function words(text = ""): string[] {
  return text.split(/\s+/).filter(Boolean);
}
