import { connect, type Socket } from "node:net";
import type { Gateway } from "../../support/gateway.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { chunk, split } from "./answer.ts";
import { answerBody, bytesOf, digestOf } from "./bodies.ts";
import { converse } from "./converse.ts";
import type { Entry, Ledger, Observed } from "./ledger.ts";
import { isUpload, type Plan } from "./plan.ts";

/** Where the requests of the soak are sent to. */
export interface Targets {
  /** The gateway that takes requests now. */
  gateway: () => Gateway;
  /** An upstream whose faults hurt nothing but the exchange that they are meant for. */
  upstream: string;
  /** One that also spoils connections which the gateway has pooled. */
  rude: string;
  /** A port on which nobody listens. */
  nobody: string;
}

/** One client: it makes exchanges one after the other, and keeps its connection where it can. */
export interface Client {
  exchange: (plan: Plan) => Promise<void>;
  leave: () => void;
}

/** Makes a client that enters into the ledger what it does and sees. */
export function createClient(ledger: Ledger, targets: Targets): Client {
  let kept: { socket: Socket; gateway: Gateway } | undefined;

  async function open(gateway: Gateway): Promise<Socket | undefined> {
    const last = kept;
    kept = undefined;
    const isUsable = last && !last.socket.destroyed && !last.socket.readableEnded;
    if (last && last.gateway === gateway && isUsable) return last.socket;
    last?.socket.destroy();
    return await connectTo(gateway.port);
  }

  async function attempt(plan: Plan, gateway: Gateway, body: Buffer): Promise<Observed> {
    const socket = await open(gateway);
    if (!socket) return { ending: "no_answer" };
    const request = encodeRequest(plan, gateway, targets, body);
    const { observed, reusable } = await converse(socket, plan, request);
    if (reusable) kept = { socket, gateway };
    return observed;
  }

  return {
    async exchange(plan) {
      const body = isUpload(plan) ? bytesOf(plan) : Buffer.alloc(0);
      const entry: Entry = {
        plan,
        started: performance.now(),
        ended: Infinity,
        arrivals: 0,
        uploads: [],
        records: [],
        expected: digestOf(answerBody(plan)),
        ...(isUpload(plan) && { sent: digestOf(body) }),
      };
      ledger.entries.set(plan.number, entry);
      entry.observed = await attempt(plan, targets.gateway(), body);
      entry.ended = performance.now();
    },
    leave: () => void kept?.socket.destroy(),
  };
}

function targetOf({ fault, number }: Plan, { upstream, rude, nobody }: Targets): string {
  const path = `/soak/${number}`;
  if (fault === "unknown_name") return `http://nowhere-${number % 100}.invalid${path}`;
  if (fault === "refused_port") return nobody + path;
  return (fault === "close_after" || fault === "unasked_answer" ? rude : upstream) + path;
}

function encodeRequest(plan: Plan, gateway: Gateway, targets: Targets, body: Buffer): Buffer[] {
  const { method, kind, number } = plan;
  const isSigned = kind === "signed_upload";
  const path = signedTarget(gateway.url, targetOf(plan, targets), {
    method,
    ...(isSigned && { body, headers: { "content-length": String(body.length) } }),
  });
  const isChunked = kind === "chunked_upload";
  const framing = isChunked
    ? ["Transfer-Encoding: chunked"]
    : isUpload(plan) || method !== "GET"
      ? [`Content-Length: ${body.length}`]
      : [];
  const headers = [`X-Request-Id: soak-${number}`, ...framing];
  const head = requestBytes(method, path, { headers });
  const pieces = split(body, plan.pieces);
  return [head, ...(isChunked ? [...pieces.map(chunk), Buffer.from("0\r\n\r\n")] : pieces)];
}

function connectTo(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(socket));
    socket.once("close", () => resolve(undefined));
    socket.on("error", () => {});
  });
}
