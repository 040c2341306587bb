// No double needs more to be told from its neighbours (IEEE 754, binary64).
const MOST_DIGITS = 17;

/**
 * Whether all parsers read a number alike, whether they keep doubles or decimals: it has no more digits than a double tells
 * apart, and where the double is whole, so is the text.
 *
 * @param text a finite number of JSON (RFC 8259, section 6)
 * @param value the double that it is read as
 */
export function isExactNumber(text: string, value: number): boolean {
  const written = decimalOf(text);
  if (written.digits.length > MOST_DIGITS) return false;
  if (!Number.isInteger(value)) return true;
  const read = decimalOf(String(value));
  return read.digits === written.digits && read.exponent === written.exponent;
}

/** The digits of a number without zeros around them, and the power of ten of the last one. */
function decimalOf(text: string): { digits: string; exponent: number } {
  const [mantissa = "", power = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = withoutZerosBehind(all);
  if (digits === "") return { digits, exponent: 0 };
  return { digits, exponent: Number(power) - fraction.length + all.length - digits.length };
}

// A regular expression takes quadratic time.
function withoutZerosBehind(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}
