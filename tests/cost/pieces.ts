/** Pieces of paths. */
export const PATHS = {
  slashes: "/",
  dots: "%2e%2e/",
  "escaped percent signs": "%25",
  "escaped percent signs in escaped digits": "%25%32%35",
  "escapes of four digits": "%u0025",
  "overlong UTF-8": "%c0%ae",
  "lead bytes": "%fc",
  "full-width characters": "%ef%bc%85",
  "characters that NFKC makes 18 of": "%ef%b7%ba",
  blanks: "%20",
  "dots and blanks": "..%20",
  parameters: ";",
  letters: "a",
};

/** Pieces of queries. */
export const QUERIES = {
  ampersands: "&",
  "equals signs": "=",
  "pairs of others": "a=b&",
  "names of the protocol's kind": "X-Sw-a&",
  "encoded blanks": "%20",
  "encoded names": "%58&",
  "plus signs": "+",
  "signatures without end": "X-Sw-Signature",
};

/** Pieces of values in a query. */
export const VALUES = {
  letters: "a",
  slashes: "/",
  digits: "1",
  blanks: "+",
  semicolons: ";",
  "names and semicolons": "a;",
  "three bytes": "%e2%82%ac",
  "combining marks": "%cc%80%cc%96",
  "control characters": "%01",
  "encoded escapes": "%25",
  zeros: "0",
  colons: ":",
  "at signs": "@",
};

/** Pieces of headers. */
export const LINES = {
  letters: "a",
  commas: ",",
  "commas and blanks": ", ",
  "names and commas": "x-a,",
  blanks: "\u00a0",
  tabs: "a\t",
  quotes: '"',
  semicolons: ";",
  slashes: "/",
  dots: ".",
  digits: "1",
};

/** Pieces of JSON. */
export const JSON_TEXTS = {
  brackets: "[",
  braces: '{"a":',
  "empty lists": "[],",
  numbers: "1,",
  digits: "1",
  "digits of a fraction": ".1",
  letters: "a",
  blanks: " ",
  quotes: '"',
  escapes: "\\",
  "escaped quotes": '\\"',
  "escaped letters": "\\u0061",
  "empty texts": '"",',
  "control characters": "\u0001",
  "letters with case": "\u0130",
};

/** Pieces of what a token grants. */
export const GRANTED = {
  ...VALUES,
  dots: ".",
  "dot segments": "/..",
  "methods and commas": "GET,",
  brackets: "[",
  backslashes: "\\",
};
