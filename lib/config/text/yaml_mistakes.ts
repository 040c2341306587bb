import type { ErrorCode } from "yaml";

const NO_ALIASES = "aliases are not supported: write the value itself";
const ONE_LINE = "a key must be on one line, and its colon too";
const WRONG_INDENT =
  "the indentation does not fit: the keys of a table begin in the same column, and brackets must be closed";

/** A syntax error of YAML and its remedy, by the code of the parser. */
export const YAML_MISTAKES: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: NO_ALIASES,
  BAD_ALIAS: NO_ALIASES,
  BAD_COLLECTION_TYPE: "a value has a tag that does not fit: remove the tag",
  BAD_DIRECTIVE: "a directive is not valid: remove the line that begins with %",
  BAD_DQ_ESCAPE:
    "a text has an unknown escape: write \\\\ for a backslash, or put it in single quotes",
  BAD_INDENT: WRONG_INDENT,
  BAD_PROP_ORDER: "a tag or an anchor must stand before its value: remove it",
  BAD_SCALAR_START: "a value must not begin with this character: put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: `${WRONG_INDENT}, or a value with a colon needs quotes`,
  BLOCK_IN_FLOW: "within [ ] or { } a value must not be written by indentation",
  DUPLICATE_KEY: "this key is given twice",
  IMPOSSIBLE: "this cannot be read",
  KEY_OVER_1024_CHARS: "a key is too long",
  MISSING_CHAR: "a quote, a bracket, a comma, a colon or a space is missing before this place",
  MULTILINE_IMPLICIT_KEY: ONE_LINE,
  MULTIPLE_ANCHORS: "a value has two anchors: remove them",
  MULTIPLE_DOCS: "the file has a second document: remove the line ---",
  MULTIPLE_TAGS: "a value has two tags: remove them",
  NON_STRING_KEY: "a key must be a text",
  RESOURCE_EXHAUSTION: "it is nested too deeply",
  TAB_AS_INDENT: "a tab must not indent a line: use spaces",
  TAG_RESOLVE_FAILED: "a value has an unknown tag: remove it, or put the value in quotes",
  UNEXPECTED_TOKEN: "this is not expected here: a text with special characters needs quotes",
};
