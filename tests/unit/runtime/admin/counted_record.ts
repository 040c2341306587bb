import type { CountedRecord } from "../../../../lib/runtime/admin/activity/usage.ts";

/**
 * The record of a verified exchange that its upstream answered.
 *
 * @param more what is different
 */
export function record(more: Partial<CountedRecord> = {}): CountedRecord {
  return {
    app: "web",
    method: "GET",
    requestId: "r",
    status: 200,
    outcome: "complete",
    verifyMs: 1,
    rule: "api.test",
    headMs: 10,
    bytesIn: 1,
    bytesOut: 2,
    ...more,
  };
}
