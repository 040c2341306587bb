/** A number (RFC 8259, section 6). */
export const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

// Character codes: to compare single characters as texts takes twice as long.
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const LIST_END = 0x5d;
export const OBJECT = 0x7b;
export const OBJECT_END = 0x7d;
export const BYTE_ORDER_MARK = 0xfeff;

/** As a text, for searches. */
export const QUOTE_MARK = '"';
/** A character that no text may have unescaped. */
export const CONTROL = /[\0-\x1f]/;

/** Whether it is white space (RFC 8259, section 2). */
export function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Whether it is a digit, `+`, `-`, `.`, `e` or `E`. */
export function isNumberPart(code: number): boolean {
  if (isDigit(code)) return true;
  return code === 0x2d || code === 0x2e || code === 0x2b || code === 0x65 || code === 0x45;
}

/** Whether it is a digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
