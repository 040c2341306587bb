import { describe, expect, test } from "bun:test";
import { applyPatch as applyWithLibrary, type Operation } from "rfc6902";
import { applyPatch } from "../../../../lib/gateway/policy/apply_patch.ts";
import { Budget } from "../../../../lib/gateway/policy/budget.ts";
import { PolicyError } from "../../../../lib/gateway/problem/policy_error.ts";
import { parsePatch } from "../../../../lib/signing/token/parse_patch.ts";
import { formatJson, type JsonValue, TokenError } from "../../../../lib/signing/verify.ts";
import type { PatchOperation } from "../../../../lib/gateway/model/policy.ts";
import { ROOT } from "../../../support/root.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";
import { jsonValue } from "./plain_json.ts";

interface Case {
  comment?: string;
  doc: unknown;
  patch?: { op?: string; path?: string }[];
  expected?: unknown;
  error?: string;
  disabled?: boolean;
}

const OPERATIONS = ["add", "replace", "remove", "test"];
const FOLDER = `${ROOT}/tests/vectors/json_patch`;

const all = (
  await Promise.all(
    ["tests", "spec_tests"].map((name) => Bun.file(`${FOLDER}/${name}.json`).json()),
  )
).flat() as Case[];
const cases = all
  .filter(({ patch, disabled }) => !disabled && patch)
  .filter(({ patch }) => patch!.every(({ op }) => op !== "move" && op !== "copy"))
  .map((it) => ({ ...it, name: it.comment ?? JSON.stringify(it.patch) }));

/** The patch as a token grants it, applied; or the reason why it is refused or fails. */
function outcomeOf({ doc, patch }: Case): string {
  try {
    return formatJson(applyPatch(jsonValue(doc), parsePatch(jsonValue(patch)), new Budget()));
  } catch (error) {
    if (error instanceof PolicyError || error instanceof TokenError) return error.code;
    throw error;
  }
}

describe("the suite's cases of the four operations:", () => {
  test("79 of them", () => expect(cases).toHaveLength(79));

  test.each(cases)("$name", (it) => {
    const outcome = outcomeOf(it);
    const isEmpty = it.patch!.length === 0;
    const removes = it.patch!.every(({ op }) => op === "remove");
    // A policy whose patch does nothing is a mistake; and removing what is not there does nothing.
    if (isEmpty) expect(outcome).toBe("token_malformed");
    else if (it.error !== undefined && removes) expect(JSON.parse(outcome)).toEqual(it.doc);
    else if (it.error !== undefined)
      expect(outcome).toMatch(/^(policy_violation|token_malformed)$/);
    else expect(JSON.parse(outcome)).toEqual(it.expected ?? it.doc);
  });
});

const { below, pick } = createRandom(printedSeed("patches"));

const NAMES = ["a", "b", "x/y", "m~n", "0", "-"];
const STEPS = ["a", "b", "x~1y", "m~0n", "0", "1", "2", "-"];

function document(depth = 3): unknown {
  const kind = depth === 0 ? 2 : below(3);
  const size = below(3);
  if (kind === 0) return Array.from({ length: size }, () => document(depth - 1));
  if (kind === 1)
    return Object.fromEntries(NAMES.slice(0, size).map((n) => [n, document(depth - 1)]));
  return pick([null, true, 1, "a", ""]);
}

function operation(): PatchOperation {
  const steps = Array.from({ length: 1 + below(3) }, () => `/${pick(STEPS)}`);
  const path = steps.join("");
  const op = pick(OPERATIONS) as PatchOperation["op"];
  return op === "remove" ? { op, path } : { op, path, value: document(1) as JsonValue };
}

/** What the library makes of one operation; `undefined` when it refuses it. */
function expectedOf(doc: unknown, it: PatchOperation): unknown {
  const copy = structuredClone(doc);
  const [error] = applyWithLibrary(copy, [it as Operation]);
  return error ? undefined : copy;
}

test("random patches do what the library rfc6902 does, where it follows the standard", () => {
  let applied = 0;
  for (let i = 0; i < 20_000; i++) {
    const doc = document();
    const patch = operation();
    const expected = isForLibrary(doc, patch) ? expectedOf(doc, patch) : undefined;
    if (expected === undefined) continue;
    expect(JSON.parse(outcomeOf({ doc, patch: [patch] }))).toEqual(expected);
    applied++;
  }
  expect(applied).toBeGreaterThan(1000);
});

/** It takes `-` and properties of texts and lists for members, and a number with a letter for an index. */
function isForLibrary(doc: unknown, { op, path }: PatchOperation): boolean {
  const steps = path.split("/").slice(1);
  let parent: unknown = doc;
  for (const step of steps.slice(0, -1)) {
    if (!isContainer(parent) || (Array.isArray(parent) && !/^\d$/.test(step))) return false;
    parent = (parent as Record<string, unknown>)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  const last = steps.at(-1)!;
  if (!isContainer(parent)) return false;
  return !Array.isArray(parent) || /^\d$/.test(last) || (op === "add" && last === "-");
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
