import { join } from "node:path";
import { CHAT_PATH } from "../load/chat_requests.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { startServer } from "../measure/processes.ts";
import { configWithBudgets } from "../peers/budgets.ts";
import { startChatCases } from "../peers/chat_cases.ts";
import { groupCases, measureCosts, REQUEST_COST } from "../peers/fleet.ts";
import { litellm, LITELLM_VERSION } from "../peers/litellm.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { startRedis } from "../setup/redis.ts";
import { AUTHORIZATION, createBenchFolder, createSetup } from "../setup/test_bed.ts";

const UPSTREAM = join(import.meta.dirname, "../answers/completions.ts");
const LIMITED = "Signway, budgets in Redis";
const FREE = "Signway, without limits";

export const llmBudgets: Scenario = {
  summary: "CPU time of a chat completion under a budget in Redis, beside LiteLLM's proxy",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const folder = await createBenchFolder(stack);
    const upstream = await startCompletions(stack);
    const { port: redisPort } = await startRedis(stack);
    const setup = createSetup({ upstream: upstream.origin, folder, fixedTarget: CHAT_PATH });
    const peers: Peer[] = [
      signway(LIMITED, { flags: NO_LOG, createConfig: configWithBudgets(redisPort) }),
      signway(FREE, { flags: NO_LOG, createConfig: configWithBudgets() }),
      // It takes minutes to install, so a smoke run leaves it out.
      ...(effort.smoke ? [] : [litellm(redisPort)]),
    ];
    const cases = await startChatCases(peers, setup, bodyOf, stack);
    return {
      title: "A chat completion under a budget in Redis",
      text: `\`POST ${CHAT_PATH}\` with a question of about 600 bytes. Signway reserves the tokens and the cost of a day and a place, and settles
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

function bodyOf(index: number): string {
  const content = `Question ${index}: ${"what do you think of this? ".repeat(18)}`;
  return JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] });
}
