import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { JsonMembers } from "../../../../lib/gateway/usage/json_members.ts";

const encoder = new TextEncoder();

function membersOf(text: string, size: number): JsonMembers {
  const members = new JsonMembers(["usage", "model"]);
  const bytes = encoder.encode(text);
  for (let i = 0; i < bytes.length; i += size) members.read(bytes.subarray(i, i + size));
  return members;
}

const values = fc.jsonValue({ maxDepth: 4 });
const bodies = fc.record(
  { usage: values, model: values, id: values, "usage ": values, "\\": values, '"': values },
  { requiredKeys: [] },
);
const sizes = fc.integer({ min: 1, max: 40 });

const parsed = (text: string | undefined) => (text === undefined ? undefined : JSON.parse(text));

describe("members of a body are found", () => {
  test("as a parser finds them, in pieces of any size", () => {
    fc.assert(
      fc.property(bodies, sizes, fc.integer({ min: 0, max: 3 }), (body, size, space) => {
        const text = JSON.stringify(body, null, space);
        const members = membersOf(text, size);
        const expected = JSON.parse(text);
        expect(members.isComplete).toBe(true);
        expect(parsed(members.text("usage"))).toEqual(expected.usage);
        expect(parsed(members.text("model"))).toEqual(expected.model);
      }),
      { numRuns: 200 },
    );
  });

  test("of the last object of a list that has them", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bodies, values)), sizes, (list, size) => {
        const members = membersOf(JSON.stringify(list), size);
        const objects = list.filter((it) => typeof it === "object" && !Array.isArray(it));
        const last = (JSON.parse(JSON.stringify(objects)) as ({ usage?: unknown } | null)[])
          .filter((it) => it !== null && Object.hasOwn(it, "usage"))
          .at(-1);
        expect(members.isComplete).toBe(true);
        expect(parsed(members.text("usage"))).toEqual(last?.usage);
      }),
      { numRuns: 200 },
    );
  });

  test("only when the whole body was read", () => {
    fc.assert(
      fc.property(bodies, fc.double({ min: 0, max: 1, noNaN: true }), (body, share) => {
        const text = JSON.stringify(body);
        const part = text.slice(0, Math.floor((text.length - 1) * share));
        expect(membersOf(part, 5).isComplete).toBe(false);
      }),
    );
  });
});
