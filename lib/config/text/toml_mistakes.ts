const TEXT_NEEDS_QUOTES = "a text needs quotes";
const NO_KEY = "a key is expected";
const INVALID_NUMBER = `a number is not valid: ${TEXT_NEEDS_QUOTES}`;
const INVALID_DATE = `a date is not valid: ${TEXT_NEEDS_QUOTES}`;
const INVALID_ESCAPE =
  "a text has an unknown escape: write \\\\ for a backslash, or put it in single quotes";
const GIVEN_TWICE = "this key or table is given twice";
const NO_CONTROL_CHARACTERS = "has a control character";

/** The mistake and its remedy, by the message of the parser. */
const MISTAKES: Readonly<Record<string, string>> = {
  "control characters are not allowed in comments": `a comment ${NO_CONTROL_CHARACTERS}`,
  "control characters are not allowed in strings": `a text ${NO_CONTROL_CHARACTERS}: write it as an escape`,
  "document contains excessively nested structures. aborting.": "it is nested too deeply",
  "each key-value declaration must be followed by an end-of-line":
    "the end of the line is expected: each key needs a line of its own",
  "expected comma or end of structure": "a comma, ] or } is expected",
  "expected end of table array declaration": "]] is expected",
  "illegal character in key": "a key has letters, digits, _ and -: put others in quotes",
  "illegal empty bare key": NO_KEY,
  "illegal leading zero": "a number must not begin with 0",
  "illegal quoted key: multiline strings are not allowed": "a key must be on one line",
  "illegal underscore": "in a number, _ must stand between two digits",
  "illegal character in numeric literal": INVALID_NUMBER,
  "incomplete key-value: cannot find end of key":
    "a key must be followed by = and a value, and the header of a table by ]",
  "integer value cannot be represented losslessly": "a whole number is too large",
  "invalid date": INVALID_DATE,
  "invalid date-time: date part is malformed": INVALID_DATE,
  "invalid date-time: time part is malformed": INVALID_DATE,
  "invalid escape: only line-ending whitespace may be escaped": INVALID_ESCAPE,
  "invalid non-hex character in unicode escape": INVALID_ESCAPE,
  "invalid unicode escape": INVALID_ESCAPE,
  "unrecognised escape sequence": INVALID_ESCAPE,
  "invalid value": `a value is expected: ${TEXT_NEEDS_QUOTES}`,
  "trying to redefine an already defined table or value": GIVEN_TWICE,
  "trying to redefine an already defined value": GIVEN_TWICE,
  "unexpected end of key": NO_KEY,
  "unfinished array": "a list has no closing ]",
  "unfinished numeric value": INVALID_NUMBER,
  "unfinished string": "a text has no closing quote",
  "unfinished table": "a table has no closing }",
};

/**
 * Describes a syntax error of TOML.
 *
 * @param message of the parser's error
 * @returns the mistake and its remedy; the parser's own words for a message of a later version
 */
export function describeTomlMistake(message: string): string {
  // Only the first line does not quote the file.
  const [line = ""] = message.split("\n");
  const reason = line.replace(/^Invalid TOML document: /, "");
  return MISTAKES[reason] ?? reason;
}
