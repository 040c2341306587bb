import { describe, expect, test } from "bun:test";
import { describeSettings } from "../../../lib/config/description/describe_settings.ts";
import { warningsOf } from "../../../lib/config/warnings/warnings.ts";
import { APP, mistakesOfFile, ROUTE, settingsOfFile } from "./configured.ts";

const withLimits = (limits: object) => ({ app: [{ ...APP, limits }] });
const withRule = (limits: object) => ({
  app: [{ ...APP, upstream: [{ ...APP.upstream[0], limits }] }],
});

const AMOUNT = "a whole number from 1 to 9e15";
const RATE = "must be a rate such as 10/s, 60/min, 1000/h or 5000/day burst 10";

describe("a limit that counts is wrong", () => {
  test.each<[key: string, value: unknown, mistake: string]>([
    ["uses", 0, "must be at least 1"],
    ["uses", 1.5, `must be ${AMOUNT}`],
    ["uses", "5", `must be ${AMOUNT}`],
    ["uses", "5/day", `must be ${AMOUNT}`],
    ["rate", 10, RATE],
    ["rate", "10", RATE],
    ["rate", "10/sec", RATE],
    ["concurrent", -1, "must be at least 1"],
    ["bytes", true, `must be ${AMOUNT}`],
    [
      "tokens",
      "5/week",
      'must be a number of tokens such as 50000, or one in a period: "2000000/day" or "/month"',
    ],
    [
      "tokens",
      "0/day",
      'must be a number of tokens such as 50000, or one in a period: "2000000/day" or "/month"',
    ],
    [
      "cost",
      "$5",
      'must be a number of dollars such as 0.5, or one in a period: "50/day" or "/month"',
    ],
    ["cost", 0, "must be more than 0"],
    ["cost", -1, "must be more than 0"],
    [
      "cost",
      9_000_001,
      'must be a number of dollars such as 0.5, or one in a period: "50/day" or "/month"',
    ],
  ])("%s = %j", (key, value, mistake) => {
    const expected = mistake.replace(/^must be (?=a (whole|rate))/, "must be ");
    expect(mistakesOfFile(withLimits({ [key]: value }))).toEqual([
      `app[0].limits.${key} ${expected}`,
    ]);
    expect(mistakesOfFile(withLimits({ subject: { [key]: value } }))).toEqual([
      `app[0].limits.subject.${key} ${expected}`,
    ]);
    expect(mistakesOfFile(withRule({ [key]: value }))).toEqual([
      `app[0].upstream[0].limits.${key} ${expected}`,
    ]);
  });

  test("an unknown key, and a subject of a rule", () => {
    expect(mistakesOfFile(withLimits({ token: 1 }))).toEqual([
      "app[0].limits.token is unknown: did you mean tokens?",
    ]);
    expect(mistakesOfFile(withRule({ subject: {} }))).toEqual([
      expect.stringMatching(/^app\[0\]\.upstream\[0\]\.limits\.subject is unknown/),
    ]);
  });

  test.each([
    ["redis://a,b", "has several hosts"],
    ["rediss+sentinel://a,b", "needs the name of the primary"],
    ["", "must be memory, sqlite: and the path of a file"],
    ["sqlite:", "must be memory, sqlite: and"],
    ["sqlite: ", "must be memory, sqlite: and"],
    ["Memory", "must be memory, sqlite: and"],
    ["/var/lib/ledger.db", "must be memory, sqlite: and"],
  ])("a ledger %j", (ledger, mistake) => {
    expect(mistakesOfFile({ app: [APP], ledger })).toEqual([
      expect.stringMatching(new RegExp(`^ledger ${mistake}`)),
    ]);
    expect(mistakesOfFile({ app: [APP] }, { args: ["--ledger", ledger] })).toEqual([
      expect.stringMatching(new RegExp(`^--ledger ${mistake}`)),
    ]);
  });
});

describe("limits contradict other settings", () => {
  test("a subject in an app without tokens", () => {
    const app = { ...APP, tokens: { enabled: false }, limits: { subject: { uses: 1 } } };
    expect(mistakesOfFile({ app: [app] })).toEqual([
      "app[0].limits.subject refuses every request: only tokens have a sub, and the app's tokens are not enabled",
    ]);
    expect(mistakesOfFile({ app: [{ ...app, tokens: {} }] })).toEqual([]);
  });

  test("a policy that counts over a route", () => {
    const policy = [
      { name: "free", seconds: 5, on_abort: "drain" },
      { name: "counted", uses: 1 },
    ];
    expect(mistakesOfFile({ route: [{ ...ROUTE, policy: ["free", "counted"] }], policy })).toEqual([
      "route[0].policy[1] counts for each token or signed URL, and requests of a route have none",
    ]);
    expect(mistakesOfFile({ route: [{ ...ROUTE, policy: ["free"] }], policy })).toEqual([]);
  });

  test("tokens of an API whose provider is not known", () => {
    const texts = (shape: object) =>
      warningsOf(settingsOfFile(shape), false).map(({ text }) => text);
    const warning =
      'upstream[0] of app "web" has no known provider, so requests under a limit on tokens or cost are refused: set its provider';
    expect(texts(withLimits({ tokens: "5/day" }))).toEqual([warning]);
    expect(texts(withLimits({ subject: { cost: 1 } }))).toEqual([warning]);
    expect(texts(withRule({ cost: 1 }))).toEqual([warning]);
    expect(texts(withLimits({ rate: "1/s", uses: 5 }))).toEqual([]);
  });
});

test("signway check tells the limits", () => {
  const subject = { rate: "20/min burst 5", tokens: "50000/day", cost: 1 };
  const text = describeSettings(
    settingsOfFile({
      ledger: "sqlite:a.db",
      app: [
        {
          ...APP,
          max_body: 9,
          limits: { rate: "100/s", concurrent: 1, cost: "50/day", subject },
          upstream: [
            { url: "https://a.example/", limits: { uses: 1, bytes: 7 }, on_abort: "drain" },
          ],
        },
      ],
      policy: [{ name: "once", uses: 1, on_abort: "charge" }],
    }),
  );
  expect(text).toContain("\nKeeps the counters of limits in a.db.\n");
  const shared = settingsOfFile({ ledger: "redis://:canary@valkey?durable=1", app: [APP] });
  expect(describeSettings(shared)).toContain(
    "\nKeeps the counters of limits in redis://valkey:6379, which never loses what it has acknowledged. All gateways that use it share them.\n",
  );
  expect(text).toContain(
    "Limits of the app: bodies up to 9 bytes, 100 requests per second with a burst of 10, 1 exchange at once, $50 per day.\n",
  );
  expect(text).toContain(
    "Limits of each sub: 20 requests per minute with a burst of 5, 50000 LLM tokens per day, $1 in all. A request without the sub of a token is refused.\n",
  );
  expect(text).toContain(
    "with no header added, 1 request in all, 7 bytes of responses in all, aborted exchanges: drain\n",
  );
  expect(text).toContain(
    "  It is limited to 1 request in all.\n  An exchange that is aborted costs all that was reserved for it.\n",
  );
});
