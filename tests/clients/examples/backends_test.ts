import { afterAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { verifyToken } from "../../../lib/signing/verify.ts";
import { freePort } from "../../support/free_port.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { block } from "../guides/guide.ts";
import { type Backend, backends, type Outcome, runBackend, SUPABASE } from "./backends.ts";
import { checkOut } from "./checkout.ts";
import { findPrograms } from "./shell.ts";
import { startSupabaseAuth } from "./supabase_auth.ts";

const checkout = await checkOut("backends");
const supabase = startSupabaseAuth(SUPABASE.anonKey, SUPABASE.userJwt);
const BACKENDS = backends(supabase.url.origin);
const RUNS = await runAll();

afterAll(async () => {
  await checkout[Symbol.asyncDispose]();
  await supabase.stop(true);
});

interface Run extends Backend {
  /** Absent: its programs are missing. */
  result?: PromiseSettledResult<Outcome>;
}

/** Runs a few at a time; what they install and compile may outlast a test's limit. */
async function runAll(): Promise<Run[]> {
  const runs: Run[] = [];
  await inParallel(BACKENDS.length, 3, async (number) => {
    const backend = BACKENDS[number]!;
    const programs = await requirement(`what examples/backends/${backend.name} needs`, async () =>
      findPrograms(backend.needs),
    );
    if ("reason" in programs) return runs.push(backend);
    const [result] = await Promise.allSettled([runBackend(backend, checkout, await freePort())]);
    return runs.push({ ...backend, result: result! });
  });
  return runs;
}

describe.each(RUNS)("examples/backends/$name", ({ result }) => {
  const outcome = (): Outcome => {
    if (result?.status !== "fulfilled") throw result?.reason;
    return result.value;
  };

  test.skipIf(!result)("gives a signed-in user a token, and a stranger none", () => {
    const stored = { cacheControl: "no-store" };
    expect(outcome().answers).toEqual([
      { ...stored, status: 200, body: { token: expect.any(String) } },
      { ...stored, status: 401, body: { error: "Sign in first." } },
    ]);
  });

  test.skipIf(!result)("signs what its source says", async () => {
    const { token } = outcome().answers[0]!.body;
    const findSecrets = (id: string) => (id === "web" ? [checkout.secret] : undefined);
    const { subject, issuedAt, expiresAt, claims } = await verifyToken(token!, { findSecrets });
    expect({ subject, sw: claims["sw"], life: expiresAt - issuedAt! }).toEqual({
      subject: "user-1",
      sw: { to: [`POST ${checkout.upstream}`] },
      life: 300_000,
    });
  });

  test.skipIf(!result)("signs a token that the gateway accepts, and for nothing else", async () => {
    const headers = { Authorization: `Bearer ${outcome().answers[0]!.body.token}` };
    const body = JSON.stringify({ messages: [{ role: "user", content: "Who are you?" }] });
    const url = `${checkout.gateway}/v1/chat/completions`;
    const answer = await fetch(url, { method: "POST", headers, body });
    expect(await answer.text()).toContain("Who are you?");
    const other = await fetch(`${checkout.gateway}/v1/models`, { headers });
    expect([other.status, other.headers.get("x-sw-problem")]).toEqual([403, "target_not_granted"]);
  });

  test.skipIf(!result)("does not start without a secret", () => {
    expect(outcome().withoutSecret).toContain("SW_SECRET has to be set");
  });
});

test("every backend of the examples is run", async () => {
  const names = BACKENDS.map(({ name }) => name).toSorted();
  expect(names).toEqual((await readdir(`${ROOT}/examples/backends`)).toSorted());
});

test.each([
  ["ruby/token.rb", "ruby.md", "ruby", "def sign_token"],
  ["go/signway/token.go", "go.md", "go", "func SignToken"],
])("%s is the function of the guide", async (file, guide, mark, needle) => {
  const text = await Bun.file(`${ROOT}/examples/backends/${file}`).text();
  expect(text).toBe(block(guide, mark, needle));
});
