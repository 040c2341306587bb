import { describe, expect, test } from "bun:test";
import { PROBLEMS } from "../../lib/gateway/problem/problems.ts";
import { TOKEN_PROBLEMS } from "../../lib/gateway/problem/token_problems.ts";
import { README, readmeBlock as block } from "../support/readme.ts";

describe("README", () => {
  test("names every code, with its status", () => {
    const table = README.slice(README.indexOf("## Errors"), README.indexOf("## The log"));
    const named = [...table.matchAll(/^\| (\d{3}) +\| ([^|]+)\|/gm)].flatMap(([, status, codes]) =>
      codes!.match(/\w{2,}/g)!.map((code) => [code, Number(status)]),
    );
    // The codes of tokens are in docs/tokens.md.
    const known = Object.entries(PROBLEMS)
      .filter(([code]) => !(code in TOKEN_PROBLEMS))
      .map(([code, { status }]) => [code, status]);
    expect(named.sort()).toEqual(known.sort());
  });

  test("shows a refusal as it is", () => {
    const shown = JSON.parse(block("json", "urn:signway")) as Record<string, unknown>;
    expect(shown).toMatchObject({ ...PROBLEMS.signature_mismatch });
  });
});
