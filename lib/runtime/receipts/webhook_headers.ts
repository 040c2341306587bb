import type { ReceiptKey } from "../../gateway/ledger/receipt.ts";

/** A message, and what signs it. */
export interface WebhookMessage {
  /** The id of the message. A message that is sent again has the same one. */
  id: string;
  body: string;
  /** `whsec_` and the key in Base64. */
  secret: string;
}

/**
 * Returns the id of the message that has receipts. Each message with the same receipts has it, from any sender.
 *
 * @param receipts in their order
 */
export function messageId(receipts: readonly ReceiptKey[]): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const { id, revision } of receipts) hash.update(`${id}/${revision}\n`);
  return `msg_${hash.digest("hex").slice(0, 32)}`;
}

/**
 * Signs a message as Standard Webhooks 1.0 prescribes
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 * @param message with its secret
 * @param now when it is sent, in milliseconds since the epoch
 * @returns the headers of the specification
 */
export function webhookHeaders(
  { id, body, secret }: WebhookMessage,
  now: number,
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(now / 1000));
  const signed = new Bun.CryptoHasher("sha256", keyOf(secret))
    .update([id, timestamp, body].join("."))
    .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signed}`,
  };
}

function keyOf(secret: string): Uint8Array {
  return Uint8Array.fromBase64(secret.replace(/^whsec_/, ""));
}
