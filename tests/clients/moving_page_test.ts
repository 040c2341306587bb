import { describe, expect, test } from "bun:test";
import { SERVE_FLAGS } from "../../lib/cli/arguments/serve_flags.ts";
import { PROBLEMS } from "../../lib/gateway/problem/problems.ts";
import { FIELD_NAMES } from "../../lib/runtime/observe/exchange_line.ts";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/moving.md`).text();

describe("docs/moving.md names what there is:", () => {
  test("options", () => {
    const named = [...PAGE.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(10);
    expect(Object.keys(SERVE_FLAGS)).toEqual(expect.arrayContaining(named));
  });

  test("codes, each with its status", () => {
    const rows = [...PAGE.matchAll(/(\d{3}) `([a-z_]+)`/g)].map(([, status, code]) => [
      code,
      Number(status),
    ]);
    expect(rows.length).toBeGreaterThan(8);
    for (const [code, status] of rows) {
      expect([code, PROBLEMS[code as keyof typeof PROBLEMS]?.status]).toEqual([code, status]);
    }
  });

  test("fields of the log", () => {
    for (const name of ["app", "bytes_in", "bytes_out"]) {
      expect(PAGE).toContain(`\`${name}\``);
      expect(Object.values(FIELD_NAMES)).toContain(name);
    }
  });
});
