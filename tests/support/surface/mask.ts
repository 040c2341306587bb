/** Replaces what differs from run to run with placeholders. */
export type Mask = (text: string) => string;

// The first that fits a place counts.
const VOLATILE: readonly [pattern: RegExp, placeholder: string][] = [
  [/"(verify_ms|ttfb_ms|duration_ms)":[\d.]+/g, '"$1":<ms>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
  [/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g, "<sha256>"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\b/g, "<date>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  [/(?<!\d)\d{8}T\d{6}Z/g, "<moment>"],
  [/(%2F|\/|\\n)20\d{6}(?=[&\s"\\])/g, "$1<day>"],
  [/("error":"\w+) at [^"]*/g, "$1 at <place>"],
];

/**
 * Makes a mask.
 *
 * @param known values of this run, such as a port, with what is written in their place
 */
export function createMask(known: Readonly<Record<string, string>> = {}): Mask {
  const own = Object.entries(known).map(([value, name]): [RegExp, string] => [
    new RegExp(`(?<!\\d)${RegExp.escape(value)}(?!\\d)`, "g"),
    `<${name}>`,
  ]);
  return (text) =>
    [...own, ...VOLATILE].reduce((masked, [value, name]) => masked.replace(value, name), text);
}
