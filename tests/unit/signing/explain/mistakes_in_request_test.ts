import { expect, test } from "bun:test";
import { mistakesInRequest } from "../../../../lib/signing/explain/mistakes_in_request.ts";
import { parsePresignedUrl } from "../../../../lib/signing/verify.ts";
import { SECRET, signedRequest } from "../draft.ts";

/** The mistakes that are tried for a request with this path and so many signed headers. */
function mistakesFor(path: string, count: number) {
  const names = Array.from({ length: count }, (_, i) => `x-${i}`);
  const headers = Object.fromEntries(names.map((name) => [name, "a; b"]));
  const { method, query } = signedRequest({ path, headers });
  const url = parsePresignedUrl(query);
  const values = new Map(Object.entries(headers));
  const received = { url, method, path, headers: values, body: undefined };
  return [...mistakesInRequest({ ...received, scope: "20261122", secrets: [SECRET] }, {})];
}

// For each of them, a gateway with --explain hashes the whole request.
test("a long request has no more mistakes to try than one of a few segments and headers", () => {
  expect(mistakesFor("/a".repeat(7_000), 1_000)).toHaveLength(
    mistakesFor("/a".repeat(9), 8).length,
  );
  expect(mistakesFor("/".repeat(7_000), 0)).toHaveLength(mistakesFor("/".repeat(9), 0).length);
});

test("the prefixes of a path that a proxy may have added are tried from the shortest on", () => {
  const prefixes = mistakesFor("/a/b/c", 0).filter(([code]) => code === "path_prefix_added");
  expect(prefixes.map(([, { path }]) => path)).toEqual(["/b/c", "/c"]);
});
