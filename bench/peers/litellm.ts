import { existsSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../tests/support/free_port.ts";
import { startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

/** The version that is installed. */
export const LITELLM_VERSION = "1.108.7";

const FOLDER = join(import.meta.dir, "..", "..", ".cache", `litellm-${LITELLM_VERSION}`);
const MASTER_KEY = "sk-litellm-master";
const START_MS = 120_000;

/**
 * LiteLLM's proxy, alone or with a budget for its provider.
 *
 * @param redisPort where the Redis listens that keeps the budget. Default: no budget.
 */
export function litellm(redisPort?: number): Peer {
  return {
    name: redisPort === undefined ? "LiteLLM's proxy" : "LiteLLM's proxy, a budget in Redis",
    verifies: true,
    callerHeaders: () => ({ Authorization: `Bearer ${MASTER_KEY}` }),
    async start({ upstream, authorization, folder }) {
      await installLitellm();
      const port = await freePort();
      const config = join(folder, "litellm.yaml");
      await Bun.write(config, configOf({ upstream, authorization, redisPort }));
      const flags = ["--config", config, "--port", `${port}`, "--host", "127.0.0.1"];
      // The list of prices of its own release, not the latest one of the web.
      const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True", LITELLM_LOG: "ERROR" };
      const log = join(folder, "litellm.log");
      return startServer([join(FOLDER, "bin/litellm"), ...flags], port, {
        env,
        log,
        limitMs: START_MS,
      });
    },
  };
}

function configOf({
  upstream,
  authorization,
  redisPort,
}: {
  upstream: string;
  authorization: string;
  redisPort: number | undefined;
}): string {
  const key = authorization.replace("Bearer ", "");
  return JSON.stringify({
    model_list: [
      {
        model_name: "gpt-4o-mini",
        litellm_params: { model: "openai/gpt-4o-mini", api_base: `${upstream}/v1`, api_key: key },
      },
    ],
    ...(redisPort !== undefined && { router_settings: budgetIn(redisPort) }),
    general_settings: { master_key: MASTER_KEY },
    litellm_settings: { telemetry: false },
  });
}

function budgetIn(redisPort: number) {
  return {
    redis_host: "127.0.0.1",
    redis_port: redisPort,
    provider_budget_config: { openai: { budget_limit: 1_000_000, time_period: "1d" } },
  };
}

/** Installs it from PyPI into the cache; takes minutes, once. */
async function installLitellm(): Promise<void> {
  const marker = join(FOLDER, "complete");
  if (existsSync(marker)) return;
  await Bun.$`python3 -m venv --clear ${FOLDER}`.quiet();
  const pip = join(FOLDER, "bin/pip");
  await Bun.$`${pip} install -q --disable-pip-version-check ${`litellm[proxy]==${LITELLM_VERSION}`}`.quiet();
  await Bun.write(marker, "");
}
