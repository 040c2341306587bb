/**
 * The anchor of a heading, as GitHub makes it, so that links between pages lead to the same place on both.
 *
 * @param heading its text
 */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}
