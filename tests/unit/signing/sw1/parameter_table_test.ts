import { describe, expect, test } from "bun:test";
import { canonicalQuery } from "../../../../lib/signing/sw1/canonical_query.ts";
import {
  formatQuery,
  mapParameters,
  PARAMETER_NAMES,
  type Parameters,
  SIGNED_PARAMETERS,
} from "../../../../lib/signing/sw1/parameters.ts";
import { parsePresignedQuery } from "../../../../lib/signing/sw1/presigned_query.ts";

// Some forms are written out for speed. Each is compared with the table of parameters.

/** Each parameter has its own name as its value, so that no two can be confused. */
const NAMES = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, name])) as Parameters;
const INITIALS = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, name.slice(5, 7)]));

describe("the table of parameters", () => {
  test("has eight names, of which the signature covers seven", () => {
    expect(new Set(PARAMETER_NAMES).size).toBe(8);
    const covered = PARAMETER_NAMES.filter((name) => name !== "X-Sw-Signature");
    expect(SIGNED_PARAMETERS).toEqual(covered.sort());
  });
});

describe("a form that is written out does what the table says", () => {
  test("canonicalQuery lists the signed parameters, sorted", () => {
    expect(canonicalQuery(NAMES)).toBe(formatQuery(SIGNED_PARAMETERS, NAMES));
  });

  test("mapParameters changes each parameter, and tells its name", () => {
    const changed = mapParameters(NAMES, (value, name) => (value === name ? name.slice(5, 7) : ""));
    expect(changed).toEqual(INITIALS as Parameters);
  });

  test.each([
    ["in the order of the table", PARAMETER_NAMES],
    ["in another order", PARAMETER_NAMES.toReversed()],
  ])("parsePresignedQuery reads each parameter, %s", (_, order) => {
    expect(parsePresignedQuery(formatQuery(order, NAMES)).raw).toEqual(NAMES);
  });
});
