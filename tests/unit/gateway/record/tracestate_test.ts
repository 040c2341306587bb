import { describe, expect, test } from "bun:test";
import { passedTracestate } from "../../../../lib/gateway/record/tracestate.ts";

const membersOf = (count: number, value = "1") =>
  Array.from({ length: count }, (_, i) => `k${i}=${value}`);

describe("passedTracestate passes on", () => {
  for (const [what, text, expected = text] of [
    ["one member", "vendor=state"],
    ["keys of all forms", "a=1,0b=2,t-1_*/x@sys=3"],
    ["values with all characters", "a=!\"#$%&'()*+-./09:;<>?@AZ[\\]^_`az{|}~,b=a b"],
    ["members without the space around them", "a=1 ,\tb=2", "a=1,b=2"],
    ["members without the empty ones between them", "a=1,,b=2, ", "a=1,b=2"],
    ["a long key and a long value", `${"k".repeat(200)}=${"v".repeat(256)}`],
    ["32 members", membersOf(32).join(",")],
    [
      "as many members as have 512 characters",
      membersOf(32, "x".repeat(20)).join(","),
      membersOf(21, "x".repeat(20)).slice(0, 20).join(","),
    ],
    [
      "short members in place of long ones",
      [`long=${"x".repeat(200)}`, ...membersOf(16, "x".repeat(20))].join(","),
      membersOf(16, "x".repeat(20)).join(","),
    ],
  ] as [string, string, string?][]) {
    test(what, () => expect(passedTracestate(text)).toBe(expected));
  }
});

describe("passedTracestate passes nothing on of", () => {
  for (const [what, text] of [
    ["nothing", ""],
    ["empty members", " , "],
    ["a member without a value", "a=1,b"],
    ["a member of several characters without a value", "a=1,bcd"],
    ["an empty value", "a="],
    ["an empty key", "=1"],
    ["capital letters in a key", "Vendor=1"],
    ["a key that begins with a sign", "_a=1"],
    ["a key of 257 characters", `${"k".repeat(257)}=1`],
    ["a value of 257 characters", `a=${"v".repeat(257)}`],
    ["an equals sign in a value", "a=b=c"],
    ["a character that is not ASCII", "a=ä"],
    ["a control character", "a=b\u0001"],
    ["33 members", membersOf(33).join(",")],
    ["a key that is repeated", "a=1,b=2,a=3"],
  ] as const) {
    test(what, () => expect(passedTracestate(text)).toBeUndefined());
  }
});
