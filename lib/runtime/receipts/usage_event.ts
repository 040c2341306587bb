import type { WaitingReceipt } from "../../gateway/ledger/receipt.ts";
import type { ReceiptFacts } from "../../gateway/record/receipt.ts";
import { NANO_DOLLARS } from "../../signing/verify.ts";

/** The type of the event that has receipts. */
const USAGE_RECORDED = "usage.recorded";

/**
 * Returns the body of the event that has receipts, as docs/receipts.md describes it.
 *
 * @param app the id of the app
 * @param receipts at least one
 */
export function usageEvent(app: string, receipts: readonly WaitingReceipt[]): string {
  const newest = Math.max(...receipts.map(({ at }) => at));
  const data = receipts.map((receipt) => entryOf(app, receipt));
  return JSON.stringify({ type: USAGE_RECORDED, timestamp: timeText(newest), data });
}

/** The text has all facts of an exchange that has ended. Otherwise it has those of its begin. */
function entryOf(app: string, { id, revision, end, charged, at, text }: WaitingReceipt) {
  const facts = JSON.parse(text) as Partial<ReceiptFacts>;
  const { startedAt = at, endedAt = at } = facts;
  return {
    id,
    revision,
    request_id: facts.requestId,
    app,
    subject: facts.subject,
    jti: facts.tokenId,
    model: facts.model,
    input_tokens: facts.inputTokens,
    output_tokens: facts.outputTokens,
    cached_tokens: facts.cachedTokens,
    reasoning_tokens: facts.reasoningTokens,
    cost_usd: facts.costUsd,
    charged: {
      bytes: charged.bytes,
      tokens: charged.tokens,
      cost_usd: charged.cost === undefined ? undefined : charged.cost / NANO_DOLLARS,
    },
    bytes_in: facts.bytesIn,
    bytes_out: facts.bytesOut,
    status: facts.status,
    code: facts.code,
    outcome: facts.outcome ?? (end === "swept" ? "unknown" : "not_sent"),
    started_at: timeText(startedAt),
    ended_at: timeText(endedAt),
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
