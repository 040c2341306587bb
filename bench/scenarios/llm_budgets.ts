import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import { createSignedRequest } from "../load/signed_request.ts";
import { freePort, startServer } from "../measure/processes.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { litellm, LITELLM_KEY, LITELLM_VERSION } from "../peers/litellm.ts";
import type { Peer, Setup } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { AUTHORIZATION, createBenchFolder, createSetup, CREDENTIAL } from "../setup/test_bed.ts";

const UPSTREAM = join(import.meta.dirname, "../ledger/completions.ts");
const PATH = "/v1/chat/completions";
const REQUESTS = 200;
const CONNECTIONS = 32;
const LIMITED = "Signway, budgets in Redis";
const FREE = "Signway, without limits";

export const llmBudgets: Scenario = {
  summary: "CPU time of a chat completion under a budget in Redis, beside LiteLLM's proxy",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const folder = await createBenchFolder(stack);
    const upstream = await startCompletions(stack);
    const redisPort = await startRedis(folder, stack);
    const setup = createSetup({ upstream: upstream.origin, folder, fixedTarget: PATH });
    const peers: Peer[] = [
      signway(LIMITED, { flags: NO_LOG, createConfig: configWith(redisPort) }),
      signway(FREE, { flags: NO_LOG, createConfig: configWith(undefined) }),
      // It takes minutes to install, so a smoke run leaves it out.
      ...(effort.smoke ? [] : [litellm(redisPort)]),
    ];
    const cases = await startCases(peers, setup, stack);
    return {
      title: "A chat completion under a budget in Redis",
      text: `\`POST ${PATH}\` with a question of about 600 bytes. Signway reserves the tokens and the cost of a day and a place, and settles
them with the provider's report. LiteLLM ${LITELLM_VERSION} adds what was spent to the budget of its provider
(\`provider_budget_config\`) when the answer is there; it reserves nothing. Both keep their numbers in one Redis.`,
      quantities: REQUEST_COST,
      references: [LIMITED],
      groups: groupCases(await measureCosts(cases, upstream, effort)),
    };
  },
};

async function startCompletions(stack: AsyncDisposableStack) {
  const port = await freePort();
  const server = await startServer([process.execPath, UPSTREAM, `${port}`, AUTHORIZATION], port);
  stack.use(server);
  const origin = `http://127.0.0.1:${port}`;
  const requests = async () => Number(await (await fetch(`${origin}/status`)).text());
  return { origin, requests };
}

async function startRedis(folder: string, stack: AsyncDisposableStack): Promise<number> {
  const port = await freePort();
  const home = join(folder, "redis");
  await mkdir(home);
  const flags = ["--port", `${port}`, "--dir", home, "--save", ""];
  stack.use(await startServer(["redis-server", ...flags], port));
  return port;
}

function configWith(redisPort: number | undefined) {
  const limits = { tokens: "1000000000000/day", cost: "1000000/day", concurrent: 1_000 };
  return (upstream: string, authorization: string) =>
    JSON.stringify({
      ...(redisPort !== undefined && { ledger: `redis://127.0.0.1:${redisPort}/1` }),
      app: [
        {
          id: CREDENTIAL.id,
          secrets: [CREDENTIAL.secret],
          ...(redisPort !== undefined && { limits }),
          upstream: [
            {
              url: `${upstream}/v1/`,
              provider: "openai",
              headers: { Authorization: authorization },
            },
          ],
        },
      ],
    });
}

async function startCases(
  peers: readonly Peer[],
  setup: Setup,
  stack: AsyncDisposableStack,
): Promise<Case[]> {
  const bodies = Array.from({ length: REQUESTS }, (_, index) => bodyOf(index));
  const signed = await Promise.all(bodies.map((body, index) => signedRequest(body, index, setup)));
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${LITELLM_KEY}` };
  const keyed = bodies.map((body) => ({ method: "POST", target: PATH, headers, body }));
  const cases: Case[] = [];
  for (const member of await startFleet(peers, setup, stack)) {
    const all = member.peer.isKeyBased ? keyed : signed;
    await assertCorrect(member, all[7]!);
    const requests = await writeRequests(join(member.folder, "requests"), all);
    const group = `${CONNECTIONS} connections`;
    cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
  }
  return cases;
}

async function signedRequest(body: string, index: number, setup: Setup): Promise<WireRequest> {
  // A second apart, or all would have the same URL.
  const now = new Date(Date.now() - index * 1000);
  const { target } = await createSignedRequest(PATH, setup, { method: "POST", now });
  return { method: "POST", target, headers: { "Content-Type": "application/json" }, body };
}

function bodyOf(index: number): string {
  const content = `Question ${index}: ${"what do you think of this? ".repeat(18)}`;
  return JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] });
}
