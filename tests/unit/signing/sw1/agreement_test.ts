import { describe, expect, test } from "bun:test";
import { signUrl } from "../../../../lib/signing/mod.ts";
import { SIGNED_AT } from "../draft.ts";
import { PUBLISHED_URLS, type Vector } from "../published_urls.ts";

/**
 * Where signUrl and an SDK differ in what they write, as the protocol's table says. Both forms are
 * accepted; everywhere else they give the same URL, byte for byte.
 */
const DIFFERENT: Record<string, string> = {
  "signed-headers-unsorted by ruby": "it sorts the names",
  "signed-body by ruby": "it sorts the names",
  "signed-body-non-ascii by python": "it counts characters",
  "signed-body-non-ascii by javascript": "it counts UTF-16 units",
  "signed-body-empty by ruby": "it does not sign an empty body",
  "target-without-path by python": "it leaves the path out",
  "target-without-path by ruby": "it leaves the path out",
  "target-reserved-characters by python": "it leaves ' in the query as it is",
  "target-reserved-characters by javascript": "it does not encode ! ' ( ) *",
  "target-with-space by python": "it leaves the space and writes +",
  "target-upper-host-and-port by python": "it leaves host and port as they are",
  "target-upper-host-and-port by ruby": "it leaves the host as it is",
  "id-with-slash-and-space by python": "it writes + for a space",
  "id-with-slash-and-space by ruby": "it writes + for a space",
};

const parametersOf = (url: string) =>
  url
    .slice(url.indexOf("?") + 1)
    .split("&")
    .sort();

function sign({ target, name: _, urls: __, ...options }: Vector): Promise<string> {
  return signUrl(target, { ...options, now: new Date(SIGNED_AT) });
}

describe("signUrl writes what the published SDKs write", () => {
  const alike = PUBLISHED_URLS.filter(({ title }) => !(title in DIFFERENT));
  test.each(alike.map((it) => [it.title, it] as const))("%s", async (_, { url, vector }) => {
    expect(await sign(vector)).toBe(url);
  });
});

describe("signUrl differs from", () => {
  const different = PUBLISHED_URLS.filter(({ title }) => title in DIFFERENT);
  const table = different.map((it) => [it.title, DIFFERENT[it.title], it] as const);
  test.each(table)("%s, since %s", async (_, __, { url, vector }) => {
    expect(parametersOf(await sign(vector))).not.toEqual(parametersOf(url));
  });

  test("every difference that is listed is one of the vectors", () => {
    const titles = PUBLISHED_URLS.map(({ title }) => title);
    expect(Object.keys(DIFFERENT).filter((title) => !titles.includes(title))).toEqual([]);
  });
});
