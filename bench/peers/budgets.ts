import { CREDENTIAL } from "../setup/test_bed.ts";

const LIMITS = { tokens: "1000000000000/day", cost: "1000000/day", concurrent: 10_000 };

/**
 * Creates Signway's configuration of an app that calls OpenAI's API.
 *
 * @param redisPort where the Redis listens that keeps the budgets of its tokens, its cost and its concurrent
 *   requests. Default: no budget.
 */
export function configWithBudgets(redisPort?: number) {
  const isLimited = redisPort !== undefined;
  return (upstream: string, authorization: string): string => {
    const headers = { Authorization: authorization };
    const app = {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      ...(isLimited && { limits: LIMITS }),
      upstream: [{ url: `${upstream}/v1/`, provider: "openai", headers }],
    };
    const ledger = isLimited && { ledger: `redis://127.0.0.1:${redisPort}/1` };
    return JSON.stringify({ ...ledger, app: [app] });
  };
}
