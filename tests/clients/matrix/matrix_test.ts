import { afterAll, describe, expect, test } from "bun:test";
import { inParallel } from "../../support/in_parallel.ts";
import { tokensOf } from "../../support/providers/answer.ts";
import { credentialsOf } from "../../support/providers/credentials.ts";
import type { ReceivedRequest } from "../../support/providers/provider_server.ts";
import { waitFor } from "../../support/wait_for.ts";
import type { Client, Runtime } from "./clients.ts";
import { type Failure, questionOf, type Report } from "./inside/examine.ts";
import type { Reading } from "./inside/subject.ts";
import { type Run, RUNS, titleOf } from "./runs.ts";
import { PAGES, startRuntimes } from "./runtimes.ts";
import { CREDENTIALS, startStage } from "./stage.ts";

// Each run is a process or a page of its own, several at once. The tests look at what they report.
const AT_ONCE = 5;
const PATIENCE_MS = 180_000;

const stage = await startStage(RUNS, PAGES);
const runtimes = await startRuntimes(stage);
const isMissing = (runtime: Runtime) => "reason" in runtimes.find(runtime);
const reports = startRuns(RUNS.filter(({ runtime }) => !isMissing(runtime)));

afterAll(async () => {
  await Promise.allSettled(reports.values());
  await runtimes[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
}, PATIENCE_MS);

for (const run of RUNS) {
  describe.skipIf(isMissing(run.runtime))(`${titleOf(run.client)} in ${run.runtime}`, () => {
    describeRun(run, () => reports.get(run)!);
  });
}

test(
  "the APIs were asked for nothing else",
  async () => {
    await Promise.allSettled(reports.values());
    const expected = [...reports.keys()].flatMap(({ client: { talks, takesProvider } }) => [
      ...talks,
      ...(takesProvider ? ["before", "after"] : []),
    ]);
    const requests = Object.values(stage.providers).flatMap((provider) => provider.requests);
    expect(requests).toHaveLength(expected.length);
  },
  PATIENCE_MS,
);

/** Starts the runs; each of them reports when it is done. */
function startRuns(runs: readonly Run[]): ReadonlyMap<Run, Promise<Report>> {
  const pending = runs.map((run) => ({ run, ...Promise.withResolvers<Report>() }));
  void inParallel(runs.length, AT_ONCE, async (i) => {
    const { run, resolve, reject } = pending[i]!;
    await runtimes.examine(run).then(resolve, reject);
  });
  // The tests that await it fail.
  for (const { promise } of pending) promise.catch(() => {});
  return new Map(pending.map(({ run, promise }) => [run, promise]));
}

function describeRun(run: Run, report: () => Promise<Report>): void {
  const { client } = run;
  const recordsOf = () => stage.gateway.records().filter(({ app }) => app === run.id);

  test.each(client.talks)(
    "%s",
    async (talk) => expectAnswer(run, talk, (await report()).answers[talk]!),
    PATIENCE_MS,
  );

  test.each(client.talks)(
    "%s with an expired token",
    async (talk) => {
      expect((await report()).refusals[talk]).toEqual({
        error: client.error,
        status: 401,
        code: "token_expired",
        message: expect.stringContaining("The token has expired. Request a new one."),
      });
    },
    PATIENCE_MS,
  );

  const UNGRANTED = [
    [
      "model",
      "model_not_granted",
      /The model [\w-]+-test is not granted\. Granted: granted-model\./,
    ],
    ["more", "policy_violation", moreOf(client)],
    ["tokens", "tokens_exhausted", /There are too few LLM tokens left/],
  ] as const;
  test.each(UNGRANTED)(
    "%s that are not granted: %s",
    async (what, code, message) => {
      expect((await report()).ungranted[what]).toEqual({
        error: client.denied,
        status: 403,
        code,
        message: expect.stringMatching(message),
      });
    },
    PATIENCE_MS,
  );

  test(
    "sends no refused request again",
    async () => {
      const { answers, refusals, renewal } = await report();
      expect(Object.keys(answers)).toEqual([...client.talks]);
      expect(Object.keys(refusals)).toEqual([...client.talks]);
      expect(renewal !== undefined).toBe(client.takesProvider);
      const answered = client.talks.length + (client.takesProvider ? 2 : 0);
      const refused = [
        ...client.talks.map(() => "token_expired"),
        ...UNGRANTED.map(([, code]) => code),
      ];
      const total = answered + refused.length;
      await waitFor("the log", () => recordsOf().length >= total);
      const codes = recordsOf().flatMap(({ code = [] }) => code);
      expect(codes.toSorted()).toEqual(refused.toSorted());
      expect(recordsOf()).toHaveLength(total);
    },
    PATIENCE_MS,
  );

  if (!client.takesProvider) return;
  test(
    "a token provider renews an expired token",
    async () => {
      const { renewal } = await report();
      const { before, after } = renewal as Exclude<typeof renewal, Failure | undefined>;
      expectAnswer(run, "before", before);
      expectAnswer(run, "after", after);
      const tokens = recordsOf().flatMap(({ jti }) => (/^renewed/.test(`${jti}`) ? jti : []));
      expect(tokens).toEqual(["renewed 1", "renewed 2"]);
    },
    PATIENCE_MS,
  );
}

/** The refusal names the field, and the entry of `allow` that would open it. Some errors quote JSON. */
function moreOf({ more: { param, entry } }: Client): RegExp {
  const remedy = String.raw`To open it, add \\*"${RegExp.escape(entry)}\\*" to allow\.`;
  return new RegExp(String.raw`${RegExp.escape(param)}: [^.]+\. ${remedy}`);
}

/** The answer repeats the question, and the API saw the operator's key and no token. */
function expectAnswer(run: Run, talk: string, reading: Reading | Failure): void {
  const question = questionOf(run.id, talk);
  const tokens = tokensOf(question);
  const usage = { inputTokens: tokens.length, outputTokens: tokens.length };
  const pieces = talk.endsWith("streamed") ? { pieces: tokens } : {};
  expect(reading).toEqual(
    /count/.test(talk)
      ? { text: "", inputTokens: usage.inputTokens }
      : { text: question, ...pieces, ...usage },
  );
  const { api } = run.client;
  const asked = stage.providers[api].requests.filter((request) =>
    textOf(request).includes(`${run.id}, ${talk}: `),
  );
  expect(asked.map(credentialsOf)).toEqual([{ ...CREDENTIALS[api] }]);
  // Every token begins like this.
  expect(asked.map(textOf).join()).not.toContain("eyJ");
}

function textOf({ path, query, headers, body }: ReceivedRequest): string {
  return [path, query, JSON.stringify([...headers]), new TextDecoder().decode(body)].join("\n");
}
