import { describe, expect, test } from "bun:test";
import MiniSearch from "minisearch";
import { searchWords, weightOf } from "../../../docs/book/search.ts";
import { COMMANDS } from "../../../lib/cli/arguments/commands.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { PROBLEMS } from "../../../lib/gateway/problem/problems.ts";
import { POLICY_ROWS } from "../../../lib/config/rows/policy_rows.ts";
import { schemaKeys } from "../../unit/config/schema_keys.ts";
import { builtBook } from "./built_book.ts";

const book = await builtBook();

/** The index that the pages load. */
const [name = ""] = [
  ...new Bun.Glob("assets/chunks/@localSearchIndex*.js").scanSync(book.path(".")),
];
const { default: json } = (await import(book.path(name))) as { default: string };
// As the theme's own search reads it.
const index = MiniSearch.loadJSON<{ id: string }>(json, {
  fields: ["title", "titles", "text"],
  storeFields: ["title", "titles"],
  tokenize: searchWords,
  searchOptions: {
    fuzzy: 0.2,
    prefix: true,
    boost: { title: 4, text: 2, titles: 1 },
    boostDocument: weightOf,
  },
});

/** The places of the first results, as many as the search shows. */
function placesFor(words: string): string[] {
  return index
    .search(words)
    .slice(0, 16)
    .map(({ id }) => id as string);
}

function pagesFor(words: string): string[] {
  return placesFor(words).map((place) => place.split("#")[0]!);
}

const codes = Object.keys(PROBLEMS);
const flags = COMMANDS.flatMap((command) => [
  ...helpText(command).matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm),
]);
const names = [...new Set(flags.map(([, flag]) => flag!))];
const keys = [...new Set(schemaKeys().map(({ name: key }) => key.split(".").at(-1)!))];
const claims = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sw", ...Object.keys(POLICY_ROWS)];

describe("the search of the book finds", () => {
  test.each(codes)("the code %s, first", (code) => {
    expect(placesFor(code)[0]).toBe(`/errors.html#${code}`);
  });
  test.each(names)("the flag %s", (flag) => {
    expect(pagesFor(flag)).toContain("/cli.html");
  });
  test.each(claims)("the claim %s", (claim) => {
    const pages = pagesFor(claim);
    expect(pages.some((page) => ["/tokens.html", "/policies.html"].includes(page))).toBe(true);
  });
  test.each(keys)("the key %s", (key) => {
    expect(pagesFor(key)).toContain("/configuration.html");
  });
});

test.each([
  "rotate secret",
  "change api key",
  "cost per user",
  "two gateways",
  "multiple instances",
  "openai sdk in the browser",
  "cors",
  "block user",
  "ollama",
  "latency",
])("a question is among the first answers to: %s", (words) => {
  expect(pagesFor(words).slice(0, 3)).toContain("/questions.html");
});

test("nothing is found for a word that is in no page", () => {
  expect(pagesFor("qqzxwv")).toEqual([]);
});
