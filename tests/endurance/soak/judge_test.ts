import { describe, expect, test } from "bun:test";
import { judge, type Verdict } from "./judge.ts";
import type { Entry, Observed } from "./ledger.ts";
import type { Plan } from "./plan.ts";

const PLAN: Plan = {
  number: 7,
  kind: "download",
  method: "GET",
  size: 10,
  fault: "none",
  at: 0,
  pieces: 1,
  pause: 0,
  stall: 0,
  ending: "fin",
};

const GOOD: Observed = {
  ending: "whole",
  status: 200,
  requestId: "soak-7",
  echo: "7",
  digest: "right",
};

const PROBLEM: Observed = { ...GOOD, status: 502, echo: undefined, digest: "", code: "x" };

const QUIET = { disturbances: [], floods: [] };

const UPLOAD = { method: "POST", kind: "upload" } as const;

function entry(
  observed: Partial<Observed> | undefined,
  plan: Partial<Plan> = {},
  rest: Partial<Entry> = {},
): Entry {
  return {
    plan: { ...PLAN, ...plan },
    started: 1000,
    ended: 2000,
    arrivals: 1,
    uploads: [],
    records: [],
    expected: "right",
    ...(observed && { observed: { ...GOOD, ...observed } }),
    ...rest,
  };
}

describe("judge", () => {
  const cases: [string, Verdict, Entry][] = [
    ["the right body", "identical", entry({})],
    ["the right body in spite of a fault", "identical", entry({}, { fault: "reset" })],
    ["another body that ends well", "different", entry({ digest: "wrong" })],
    ["a cut body that ends well", "different", entry({ digest: "half" }, { fault: "fin" })],
    ["a cut body", "cut", entry({ ending: "cut" }, { fault: "fin" })],
    ["a cut body without a fault", "unexplained", entry({ ending: "cut" })],
    ["a cut body after a mere stall", "unexplained", entry({ ending: "cut" }, { fault: "stall" })],
    ["a problem", "refused", entry(PROBLEM, { fault: "reset" })],
    ["a problem without a fault", "unexplained", entry(PROBLEM)],
    ["no answer", "unexplained", entry({ ending: "no_answer" }, { fault: "silence" })],
    [
      "no answer because the body broke at once",
      "no_answer",
      entry({ ending: "no_answer" }, { fault: "fin" }, { records: ["upstream_truncated"] }),
    ],
    ["a client that left", "left", entry({ ending: "left" })],
    ["nothing in time", "hung", entry({ ending: "hung" }, { fault: "silence" })],
    ["nothing at all", "hung", entry(undefined)],
    ["bad framing", "malformed", entry({ ending: "malformed" }, { fault: "garbage" })],
    ["another upstream's answer", "foreign", entry({ echo: "8" }, { fault: "unasked_answer" })],
    ["an unmarked answer", "foreign", entry({ echo: undefined })],
    ["another request's answer", "foreign", entry({ requestId: "soak-8" })],
    ["a foreign head, then a cut", "foreign", entry({ ending: "cut", echo: "8" })],
    ["an upload", "identical", entry({}, UPLOAD, { sent: "s", uploads: ["s"] })],
    ["an upload that nobody got", "upload_forged", entry({}, UPLOAD, { sent: "s", uploads: [] })],
    [
      "an upload that was cut and looked whole",
      "upload_forged",
      entry({ ending: "left" }, UPLOAD, { sent: "s", uploads: ["half"] }),
    ],
    [
      "an upload that was cut for all to see",
      "left",
      entry({ ending: "left" }, UPLOAD, { sent: "s", uploads: ["cut"] }),
    ],
    [
      "an upload that arrived twice",
      "sent_twice",
      entry({}, { ...UPLOAD, fault: "close_after" }, { sent: "s", uploads: ["s"], arrivals: 2 }),
    ],
    ["a body of which the log says so", "identical", entry({}, {}, { records: ["complete"] })],
    ["one of which it says otherwise", "misrecorded", entry({}, {}, { records: ["client_gone"] })],
    [
      "a cut body that the log calls complete",
      "misrecorded",
      entry({ ending: "cut" }, { fault: "fin" }, { records: ["complete"] }),
    ],
    [
      "an exchange that the log names twice",
      "misrecorded",
      entry({}, {}, { records: ["complete", "complete"] }),
    ],
    ["a download that was asked for twice", "identical", entry({}, {}, { arrivals: 2 })],
  ];
  test.each(cases)("%s is %s", (_, verdict, it) => {
    expect(judge(it, QUIET)).toBe(verdict);
  });

  test("excuses that there is no answer, by a disturbance", () => {
    const it = entry({ ending: "no_answer" }, { fault: "silence" });
    expect(judge(it, { ...QUIET, disturbances: [{ from: 1400, to: 1500 }] })).toBe("no_answer");
  });

  test.each([
    ["before", 0, 999, "unexplained"],
    ["at the start", 900, 1000, "cut"],
    ["in the middle", 1400, 1500, "cut"],
    ["at the end", 2000, 3000, "cut"],
    ["after", 2001, 3000, "unexplained"],
  ] as const)("excuses a cut by a disturbance %s", (_, from, to, verdict) => {
    const it = entry({ ending: "cut" });
    expect(judge(it, { ...QUIET, disturbances: [{ from, to }] })).toBe(verdict);
  });

  const crowdedOut = { ...PROBLEM, status: 503, code: "unverified_limit" };
  test.each([
    ["a signed body that gave way to a flood", "refused", crowdedOut, 1400, 1500],
    ["one that gave way to nothing", "unexplained", crowdedOut, 0, 999],
    ["another problem beside a flood", "unexplained", PROBLEM, 1400, 1500],
    ["no answer beside a flood", "unexplained", { ending: "no_answer" }, 1400, 1500],
  ] as const)("%s is %s", (_, verdict, observed, from, to) => {
    const it = entry(observed, { ...UPLOAD, kind: "signed_upload" }, { sent: "s" });
    expect(judge(it, { ...QUIET, floods: [{ from, to }] })).toBe(verdict);
  });
});
