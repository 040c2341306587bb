import type { ConfigInput } from "../../../lib/config/schema.ts";
import { signToken } from "../../../lib/signing/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { RECEIPT_SECRET, type ReceiptBackend } from "../../support/receipts/receipt_backend.ts";

type App = NonNullable<ConfigInput["app"]>[number];

/** An app with receipts. */
export function appWithReceipts(
  backend: Pick<ReceiptBackend, "url">,
  upstream: App["upstream"],
  more: Partial<App> = {},
): App {
  const { id, secret } = CREDENTIAL;
  const receipts = { url: backend.url, secret: RECEIPT_SECRET };
  return { id, secrets: [secret], receipts, upstream, ...more };
}

/** Starts an upstream that answers with 100 bytes, when it may. */
export function startAnswering(answer: () => Promise<void> = async () => {}) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch() {
      await answer();
      return new Response("x".repeat(100));
    },
  });
  return { url: server.url.origin, [Symbol.dispose]: () => void server.stop(true) };
}

/** Sends a request with a token of an app, and resolves with its status. */
export async function call(
  gateway: { url: string },
  upstream: { url: string },
  { id = CREDENTIAL.id, requestId = crypto.randomUUID() as string } = {},
): Promise<{ requestId: string; status: number }> {
  const token = await signToken({ id, secret: CREDENTIAL.secret, subject: "ada", jti: requestId });
  const response = await fetch(`${gateway.url}/${new URL(upstream.url).host}/`, {
    headers: { Authorization: `Bearer ${token}`, "X-Request-Id": requestId },
  });
  await response.arrayBuffer();
  return { requestId, status: response.status };
}

/** Which of some requests have no receipt among these. */
export function missingIn(
  receipts: readonly { request_id: string }[],
  requestIds: readonly string[],
): string[] {
  const known = new Set(receipts.map(({ request_id: id }) => id));
  return requestIds.filter((id) => !known.has(id));
}
