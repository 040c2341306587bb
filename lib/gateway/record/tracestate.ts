// W3C Trace Context, section 3.3.1.3. Level 2 of the standard allows every key that level 1 allows, and more.
const MEMBER =
  /^[a-z\d][-a-z\d_*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

const MOST_MEMBERS = 32;
const MOST_CHARACTERS = 512;
/** Members that are longer go first when there are too many characters. */
const LONG_MEMBER = 128;

/**
 * Returns the `tracestate` that is passed on.
 *
 * @param text the value of the header; that of several headers is joined by commas
 * @returns its members in their order, of 512 characters at most; `undefined` when there are none, or one is malformed
 */
export function passedTracestate(text: string): string | undefined {
  const members = text.split(",").flatMap((member) => member.replace(/^[ \t]+|[ \t]+$/g, "") || []);
  const isValid = members.length <= MOST_MEMBERS && members.every((member) => MEMBER.test(member));
  if (!isValid || hasRepeatedKey(members)) return undefined;
  return shortened(members).join(",") || undefined;
}

function hasRepeatedKey(members: readonly string[]): boolean {
  const keys = members.map((member) => member.slice(0, member.indexOf("=")));
  return new Set(keys).size < keys.length;
}

/** Section 3.3.1.5: whole members go, the long ones first, and then from the end, where the oldest are. */
function shortened(members: readonly string[]): readonly string[] {
  const kept = [...members];
  while (kept.join(",").length > MOST_CHARACTERS) {
    const long = kept.findLastIndex((member) => member.length > LONG_MEMBER);
    // Without a long one this is -1, which is the last one.
    kept.splice(long, 1);
  }
  return kept;
}
