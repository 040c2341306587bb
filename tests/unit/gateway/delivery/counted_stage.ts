import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import type { LedgerStore, Operation, ResultOf } from "../../../../lib/gateway/ledger/store.ts";
import { connect } from "../../../support/raw_client.ts";
import { type RawUpstream, startUpstream, type Step } from "../../../support/raw_upstream.ts";
import { requestBytes } from "../../../support/signed.ts";
import {
  type CountedGateway,
  type CountedOptions,
  costOf,
  startCounted,
} from "./counted_gateway.ts";

/** A gateway whose exchanges hold something in a ledger, and its upstream. */
export interface Stage {
  upstream: RawUpstream;
  gateway: CountedGateway;
}

/** Starts gateways in front of upstreams that do what their steps say. */
export class Stages implements AsyncDisposable {
  readonly #started: AsyncDisposable[] = [];

  async start(steps: Step[], options: Partial<CountedOptions> = {}): Promise<Stage> {
    const upstream = await startUpstream(steps);
    const gateway = startCounted({
      upstream: upstream.url,
      rule: { provider: "openai" },
      ...options,
    });
    this.#started.push(gateway, upstream);
    return { upstream, gateway };
  }

  /** Starts one in front of what is not there. */
  startAlone(upstream: string): CountedGateway {
    const gateway = startCounted({ upstream });
    this.#started.push(gateway);
    return gateway;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#started) await one[Symbol.asyncDispose]();
  }
}

/** A store that answers later, but for tests that read it, and may fail to draw. */
export class SlowStore implements LedgerStore {
  readonly #store = new MemoryStore();
  readonly #wait: () => Promise<unknown>;
  readonly #failsToDraw: boolean;
  draws = 0;

  constructor(wait: () => Promise<unknown>, failsToDraw = false) {
    this.#wait = wait;
    this.#failsToDraw = failsToDraw;
  }

  run<Of extends Operation>(operation: Of): ResultOf<Of> | Promise<ResultOf<Of>> {
    return operation.kind === "read" ? this.#store.run(operation) : this.#later(operation);
  }

  async #later<Of extends Operation>(operation: Of): Promise<ResultOf<Of>> {
    await this.#wait();
    if (operation.kind === "draw") {
      this.draws++;
      if (this.#failsToDraw) throw new Error("it cannot be reached");
    }
    return this.#store.run(operation);
  }
}

/** The head of a response in chunks. */
export const headOf = (type: string, status = "200 OK"): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;

export const EVENTS = headOf("text/event-stream");
export const USAGE = { input: 30, output: 7 };
export const ANSWER = JSON.stringify({ text: "hello", usage: USAGE });
export const EVENT = 'data: {"text":"hello"}\n\n';
/** They have the usage. */
export const LAST_EVENTS = `data: {"usage":${JSON.stringify(USAGE)}}\n\ndata: [DONE]\n\n`;

const charged = (tokens: number, cost: number): Record<string, unknown> => ({
  uses: [1, 0],
  tokens: [tokens, 0],
  cost: [cost, 0],
});

/** What is settled and reserved when the usage is charged. */
export const REPORTED = charged(37, costOf(USAGE));

/** The same when all that was reserved is charged. */
export const WHOLE = charged(600, 6_000);

/** What is settled and reserved. A counter without either may be forgotten or not. */
export function settledIn({ amounts }: CountedGateway): Record<string, unknown> {
  return Object.fromEntries(Object.entries(amounts()).filter(([, [a, b]]) => a > 0 || b > 0));
}

/**
 * What a client gets of a POST: the status, the body, and whether the response is whole.
 *
 * @param gateway that is asked
 * @param path of the request
 * @param onBytes called with all that has come so far, head and chunks included
 */
export async function received(
  gateway: CountedGateway,
  path = "/v1/chat/completions",
  onBytes: (text: string) => void = () => {},
) {
  using client = await connect(Number(new URL(gateway.url).port));
  client.socket.on("data", () => onBytes(client.received().toString()));
  await client.write(requestBytes("POST", path, { body: "{}", headers: ["Connection: close"] }));
  await client.closed();
  const bytes = client.received();
  const end = bytes.indexOf("\r\n\r\n");
  const head = bytes.subarray(0, end).toString();
  const rest = bytes.subarray(end + 4);
  const isChunked = /transfer-encoding: chunked/i.test(head);
  const { body, isWhole } = isChunked ? withoutChunks(rest) : { body: `${rest}`, isWhole: true };
  return { status: Number(head.split(" ")[1]), body, isWhole };
}

function withoutChunks(bytes: Buffer): { body: string; isWhole: boolean } {
  let body = "";
  for (let rest = bytes; ;) {
    const end = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.subarray(0, Math.max(end, 0)).toString(), 16);
    if (size === 0) return { body, isWhole: true };
    if (Number.isNaN(size)) return { body, isWhole: false };
    body += rest.subarray(end + 2, end + 2 + size).toString();
    rest = rest.subarray(end + 2 + size + 2);
  }
}

/** Header lines of a body of JSON. */
export const JSON_TYPE = ["Content-Type: application/json"];

/** Sends a chat completion, and reads the answer to its end. */
export async function readAll(gateway: CountedGateway, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", ...init });
  return response.text();
}
