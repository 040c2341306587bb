import { describe, expect, test } from "bun:test";
import { outcomeOf, signedRequest, type TestRequest } from "../draft.ts";
import { PUBLISHED_URLS, publishedUrl } from "../published_urls.ts";
import { type Dialect, DIALECTS } from "../reference.ts";

const values = (query: string, change: (raw: string) => string) =>
  query
    .split("&")
    .map((pair) => pair.replace(/=(.*)/, (_, raw: string) => `=${change(raw)}`))
    .join("&");

const reencoded = (dialect: Dialect) => (raw: string) =>
  DIALECTS[dialect](decodeURIComponent(raw.replaceAll("+", "%20")));

/** What clients, proxies and address bars do to a query on its way; its meaning stays. */
const ON_THE_WAY: [name: string, change: (query: string) => string][] = [
  ["a browser's ' to %27", (query) => query.replaceAll("'", "%27")],
  ["escapes in lower case", (query) => query.replace(/%\w\w/g, (escape) => escape.toLowerCase())],
  ["%20 to +", (query) => query.replaceAll("%20", "+")],
  ["+ to %20", (query) => query.replaceAll("+", "%20")],
  ["brackets encoded", (query) => query.replaceAll("(", "%28").replaceAll(")", "%29")],
  ["* and ! encoded", (query) => query.replaceAll("*", "%2A").replaceAll("!", "%21")],
  ["* decoded", (query) => query.replaceAll("%2A", "*")],
  ["~ encoded", (query) => query.replaceAll("~", "%7E")],
  ["slashes decoded", (query) => query.replaceAll("%2F", "/")],
  ["colons decoded", (query) => query.replaceAll("%3A", ":")],
  ["semicolons decoded", (query) => query.replaceAll("%3B", ";")],
  ["a hyphen encoded", (query) => query.replace("=my-id", "=my%2Did")],
  ["all read and written by URLSearchParams", (query) => `${new URLSearchParams(query)}`],
  ["all as RFC 3986 says", (query) => values(query, reencoded("rfc3986"))],
  ["all as encodeURIComponent does", (query) => values(query, reencoded("javascript"))],
  ["all as a form", (query) => values(query, reencoded("form"))],
];

const URLS = PUBLISHED_URLS.map((it) => [it.title, it] as const);

describe("a published URL that was re-encoded on the way is accepted", () => {
  test.each(URLS)("%s", async (_, { request, vector }) => {
    for (const [name, change] of ON_THE_WAY) {
      const changed = { ...request, query: change(request.query) };
      const outcome = await outcomeOf(changed, { findSecrets: () => [vector.secret] });
      expect([name, outcome]).toEqual([name, "accepted"]);
    }
  });
});

describe("a URL of each dialect is accepted, re-encoded as any of them", () => {
  const texts = ["a b+c", "!'()*~", "ünïcode 🔑", "%41&=#?/:;,@$", '"<>[]^`{|}\\'];
  const dialects = Object.keys(DIALECTS) as Dialect[];
  test.each(dialects)("%s", async (dialect) => {
    for (const text of texts) {
      const request = signedRequest({
        dialect,
        parameters: {
          "X-Sw-Credential": `${text}/20261122`,
          "X-Sw-Proxy": `https://api.example.com/${text}?q=${text}`,
        },
      });
      for (const other of dialects) {
        const query = values(request.query, reencoded(other));
        expect([text, other, await outcomeOf({ ...request, query })]).toEqual([
          text,
          other,
          "accepted",
        ]);
      }
    }
  });
});

describe("what looks like another encoding but means something else is refused", () => {
  const { request, vector } = publishedUrl("target-plus-and-percent", "javascript");
  test.each<[string, (query: string) => string]>([
    ["a plus sign for a space", (query) => query.replace("%2B", "+")],
    ["an encoded plus sign, decoded once more", (query) => query.replace("%252B", "%2B")],
    ["an encoded slash, decoded once more", (query) => query.replace("%252F", "%2F")],
    ["an escape, encoded once more", (query) => query.replace("%2B", "%252B")],
    ["an encoded percent sign, decoded once more", (query) => query.replace("%2525", "%25")],
  ])("%s", async (_, change) => {
    const changed: TestRequest = { ...request, query: change(request.query) };
    expect(changed.query).not.toBe(request.query);
    const outcome = await outcomeOf(changed, { findSecrets: () => [vector.secret] });
    expect(outcome).not.toBe("accepted");
  });
});
