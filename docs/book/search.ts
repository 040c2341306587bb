// The pages run these functions too, as texts: they refer to nothing outside of themselves.

/**
 * Splits a text into the words that the search knows: names such as `--max-expires` and `token_expired` whole, and their parts.
 *
 * @param text of a page, or what a reader looks for
 */
export function searchWords(text: string): string[] {
  const names = text.match(/(?:--)?[\p{L}\p{N}]+(?:[_-]+[\p{L}\p{N}]+)*/gu) ?? [];
  return names.flatMap((name) =>
    /[_-]/.test(name) ? [name, ...name.split(/[_-]+/).filter(Boolean)] : [name],
  );
}

/**
 * How much a place counts among the results: that of the code that was searched most, reference pages and questions more than
 * guides, and pages about the project itself less.
 *
 * @param place the path and the anchor of a section
 * @param word that the place has
 */
export function weightOf(place: string, word: string): number {
  if (place.endsWith(`/errors.html#${word}`)) return 30;
  if (/\/(cli|configuration|questions|tokens)\.html/.test(place)) return 3;
  if (/\/(architecture|benchmarks|changelog|contributing|promises|reliability)\.html/.test(place))
    return 0.3;
  return 1;
}
