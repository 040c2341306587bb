import { connect } from "node:http2";
import { signedTarget } from "../../support/signed.ts";
import type { Flooded } from "./floods/flood.ts";

/** A client that sends signed requests one after the other, a GET and a POST with a signed body in turn. */
export interface HonestClient extends Disposable {
  /**
   * Resolves when the response is complete: false when a signed body found the budget taken by faster ones
   * and has to be sent again. Throws at any other response that is not 200.
   */
  exchange: () => Promise<boolean>;
  /** How many requests were answered 200. */
  served: () => number;
  /** How many have to be sent again. */
  refused: () => number;
}

/** A response as far as an honest client looks at it. */
interface Response {
  status: number;
  text: string;
}

type Send = (method: string, path: string, body: string) => Promise<Response>;

/** Makes a client of HTTP/1.1. */
export function honestOverHttp1(to: Flooded): HonestClient {
  const origin = `http://127.0.0.1:${to.port}`;
  const send: Send = async (method, path, body) => {
    const response = await fetch(origin + path, { method, ...(body && { body }) });
    return { status: response.status, text: await response.text() };
  };
  return honestClient(to, send, () => {});
}

/** Makes a client of HTTP/2 with one connection. */
export function honestOverHttp2(to: Flooded): HonestClient {
  const session = connect(`https://127.0.0.1:${to.port}`, { ca: to.ca });
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  session.on("error", reject);
  const send: Send = (method, path, body) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const length = body && { "content-length": String(body.length) };
    const stream = session.request({ ":method": method, ":path": path, ...length });
    let [status, text] = [0, ""];
    stream.on("response", (headers) => (status = Number(headers[":status"])));
    stream.on("data", (data: Buffer) => (text += data));
    stream.on("end", () => resolve({ status, text })).on("error", reject);
    stream.end(body);
    return Promise.race([promise, failed]);
  };
  return honestClient(to, send, () => session.destroy());
}

function honestClient({ upstream }: Flooded, send: Send, stop: () => void): HonestClient {
  let [sent, refused] = [0, 0];
  const exchange = async (): Promise<boolean> => {
    const [method, body] = sent % 2 ? ["POST", "hello"] : ["GET", ""];
    const signed = body ? { body } : {};
    const target = `${upstream}/honest`;
    const path = signedTarget("http://gateway.test/", target, { method, ...signed });
    const { status, text } = await send(method, path, body);
    sent += 1;
    // The one refusal that it may get: the gateway asks to try again.
    if (body && status === 503 && text.includes("unverified_limit")) {
      refused += 1;
      return false;
    }
    if (status !== 200) throw new Error(`an honest ${method} got ${status}: ${text}`);
    return true;
  };
  const served = () => sent - refused;
  return { exchange, served, refused: () => refused, [Symbol.dispose]: stop };
}
