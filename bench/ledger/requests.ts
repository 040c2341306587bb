import type { CounterDemand } from "../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE, subjectScope, tokenScope } from "../../lib/gateway/ledger/forms/scope.ts";
import type { CountedRequest } from "../../lib/gateway/ledger/ledger.ts";

const LIMIT = 1e12;
const RATE = { count: 1_000_000, period: "s", burst: 1_000_000 } as const;
const BOUND = { fixed: 100, unit: 1 };

/** What requests count. */
export type Counting = 1 | 3 | 9;

/**
 * Creates a request with a token.
 *
 * @param counting 1: uses of the token. 3: also its tokens and places. 9: also a rate and two budgets of the end
 *   user, and a rate, a budget and places of the app
 * @param token the number of the token
 * @param issuedAt when it was issued, in milliseconds since the epoch
 */
export function countedRequest(
  counting: Counting,
  token: number,
  issuedAt: number,
): CountedRequest {
  const scope = tokenScope("web", `5f0c3a3e-${token.toString(36)}`);
  const user = subjectScope(`user_${token}`);
  const demands: CounterDemand[] = [
    { scope, counter: "uses", limit: LIMIT },
    { scope, counter: "tokens", limit: LIMIT, ...BOUND },
    { scope, counter: "concurrent", limit: LIMIT },
    { scope: user, counter: "rate", limit: RATE },
    { scope: user, counter: "tokens", period: "day", limit: LIMIT, ...BOUND },
    { scope: user, counter: "cost", limit: LIMIT, ...BOUND },
    { scope: APP_SCOPE, counter: "rate", limit: RATE },
    { scope: APP_SCOPE, counter: "tokens", period: "day", limit: LIMIT, ...BOUND },
    { scope: APP_SCOPE, counter: "concurrent", limit: LIMIT },
  ];
  return {
    app: "web",
    demands: demands.slice(0, counting),
    credential: { issuedAt, expiresAt: issuedAt + 86_400_000 },
    elastic: { least: 16, most: 100, isAsked: true },
  };
}
