import { createHmac, timingSafeEqual } from "node:crypto";

/** A receipt as a backend gets it. */
export interface Receipt {
  id: string;
  revision: number;
  request_id: string;
  app: string;
  outcome: string;
  [field: string]: unknown;
}

/** What a backend answers. It may answer late, or throw to break the connection. */
export type Answer = (attempt: number) => Response | Promise<Response>;

/** One message that came, whatever it was answered. */
export interface ReceivedMessage {
  id: string;
  body: string;
  headers: Record<string, string>;
  receipts: Receipt[];
}

/** A backend that gets receipts, and checks their signatures. */
export interface ReceiptBackend extends AsyncDisposable {
  url: string;
  port: number;
  /** All messages, in the order in which they came. */
  messages: ReceivedMessage[];
  /** The receipts of messages that were answered with 2xx. */
  taken: Receipt[];
  /** The most messages that were open at once. */
  most: () => number;
}

/** The secret of receipts in tests. */
export const RECEIPT_SECRET = `whsec_${Buffer.from("a secret for receipts, 32 bytes.").toString("base64")}`;

/** Starts a backend that takes everything, unless it is told how to answer. */
export function startReceiptBackend(
  answer: Answer = () => new Response(null, { status: 204 }),
  port = 0,
): ReceiptBackend {
  const messages: ReceivedMessage[] = [];
  const taken: Receipt[] = [];
  let open = 0;
  let most = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    idleTimeout: 0,
    async fetch(request) {
      most = Math.max(most, ++open);
      try {
        const headers = Object.fromEntries(request.headers);
        const body = await request.text();
        assertSigned(headers, body);
        const { type, data } = JSON.parse(body) as { type: string; data: Receipt[] };
        if (type !== "usage.recorded") throw new Error(`type ${type}`);
        messages.push({ id: headers["webhook-id"]!, body, headers, receipts: data });
        const response = await answer(messages.length);
        if (response.ok) taken.push(...data);
        return response;
      } finally {
        open--;
      }
    },
    error: () => new Response("the message is not signed", { status: 400 }),
  });
  return {
    url: `${server.url.origin}/usage?tenant=7`,
    port: server.port!,
    messages,
    taken,
    most: () => most,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** Checks a signature without any code of the product: https://www.standardwebhooks.com. */
function assertSigned(headers: Record<string, string>, body: string): void {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = headers;
  const key = Buffer.from(RECEIPT_SECRET.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest();
  const given = Buffer.from(/^v1,(.+)$/.exec(signature ?? "")?.[1] ?? "", "base64");
  const isFresh = Math.abs(Date.now() / 1000 - Number(at)) < 60;
  if (!isFresh || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error("the message is not signed");
  }
}
