import type { HttpMessage } from "../http_message.ts";
import { connect, parseResponse, type RawClient } from "../raw_client.ts";
import { respond, type Step } from "../raw_upstream.ts";
import { requestBytes, signedTarget, type SignedOptions } from "../signed.ts";
import { waitFor } from "../wait_for.ts";
import type { Stage } from "./stage.ts";

/** A request, and how it is answered and read. */
export interface Exchange {
  /** Names it in the output and, as its id, in the log. */
  title: string;
  /** Default: GET. */
  method?: string;
  /** What is called. Default: `/v1/x` of the upstream. */
  target?: string;
  /** What is signed beside method and target. Default: nothing. */
  sign?: SignedOptions;
  /** Changes the signed path and query. Default: not at all. */
  change?: (path: string) => string;
  /** Path and query of a request that is not signed in its URL. */
  path?: string;
  /** Whole header lines. */
  headers?: string[];
  body?: string;
  /** What the upstream does. Default: a short answer. */
  steps?: readonly Step[];
  /** Whether the client has to leave now. Default: never before the response is there. */
  leavesAt?: (client: RawClient, stage: Stage) => boolean;
}

/** A moment that has passed, so that signatures do not change from run to run. */
export const SIGNED_AT = new Date("2025-01-01T00:00:00Z");

/** The longest life that a URL may have. */
export const TEN_YEARS = 315_360_000;

const ANSWER = [respond("ok", { headers: ["Content-Type: text/plain"] })];

/** Sends a request; its response, what the upstream got, and what was logged of it. */
export async function showExchange(stage: Stage, exchange: Exchange): Promise<string> {
  const { title, steps = ANSWER, method = "GET" } = exchange;
  const { gateway, upstream, mask } = stage;
  const id = title.replace(/[^a-z0-9]+/gi, "-");
  const before = upstream.requests.length;
  stage.play(steps);
  using client = await connect(gateway.port);
  await client.write(bytesOf(stage, exchange, id));
  const response = await responseOf(client, stage, exchange);
  await gateway.waitForRecord((record) => record["request_id"] === id);
  const log = gateway.stdout().split("\n");
  const lines = [
    `# ${title}`,
    ...(response ? part("<", messageText(response)) : cutText(client, method)),
    ...upstream.requests.slice(before).flatMap((request) => part("^", messageText(request))),
    ...log.filter((line) => line.includes(`"request_id":"${id}"`)),
  ];
  return mask(lines.join("\n"));
}

function bytesOf({ gateway, upstream }: Stage, exchange: Exchange, id: string): Buffer {
  const { method = "GET", target = `${upstream.url}/v1/x`, headers = [], body = "" } = exchange;
  const { sign = {}, change = (path) => path } = exchange;
  const options = { method, now: SIGNED_AT, expires: TEN_YEARS, ...sign };
  const path = exchange.path ?? change(signedTarget(gateway.url, target, options));
  return requestBytes(method, path, { headers: [`X-Request-Id: ${id}`, ...headers], body });
}

/** The whole response; `undefined` when there is none, or one that was cut. */
async function responseOf(
  client: RawClient,
  stage: Stage,
  { leavesAt, method = "GET" }: Exchange,
): Promise<HttpMessage | undefined> {
  if (leavesAt) {
    await waitFor("the moment to leave", () => leavesAt(client, stage));
    client.socket.destroy();
    return undefined;
  }
  const whole = () => parseResponse(client.received(), client.ended() !== undefined, method);
  await waitFor("a response or the close", () => client.ended() !== undefined || whole());
  return whole();
}

function messageText({ head, body }: HttpMessage): string {
  return `${head.trimEnd()}\n\n${body.toString("latin1")}`.replaceAll("\r", "").trimEnd();
}

function cutText(client: RawClient, method: string): string[] {
  const [head = ""] = client.received().toString("latin1").split("\r\n\r\n");
  return part("<", `${head.replaceAll("\r", "")}\n(${method} has no whole response)`);
}

function part(sign: string, text: string): string[] {
  return text.split("\n").map((line) => `${sign} ${line}`.trimEnd());
}
