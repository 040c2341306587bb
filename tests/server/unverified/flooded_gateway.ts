import { connect } from "node:http2";
import { createAuthority } from "../../support/certificates.ts";
import { CREDENTIAL, type Gateway } from "../../support/gateway.ts";
import { memoryOf } from "../../support/processes.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget, type SignedOptions } from "../../support/signed.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { SECRET } from "../../support/header_signature.ts";

/** A gateway with and without TLS, for the same app and a route that signs the body. */
export interface FloodedGateways extends AsyncDisposable {
  plain: ConfiguredGateway;
  /** The same settings, with TLS and HTTP/2. */
  tls: Gateway;
  ca: string;
  upstream: string;
  /** The bodies that the upstream got. */
  bodies: () => Buffer[];
}

/** Starts both. */
export async function startFlooded(settings: object = {}): Promise<FloodedGateways> {
  const authority = await createAuthority();
  const certificate = await authority.issue();
  const upstream = await startUpstream([respond("ok")]);
  const config = {
    ...settings,
    app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream: [{ url: upstream.url }] }],
    route: [
      {
        path: "/signed/",
        upstream: upstream.url,
        signature: { scheme: "sasigning" as const, secrets: [SECRET], fields: ["path", "body"] },
      },
      { path: "/open/", upstream: upstream.url, signature: "none" as const },
    ],
  };
  const pem = { tls_cert: certificate.certFile, tls_key: certificate.keyFile };
  const plain = await startConfigured(config);
  const tls = await startConfigured({ ...config, ...pem });
  return {
    plain,
    tls,
    ca: authority.ca,
    upstream: upstream.url,
    bodies: () => upstream.requests.map(({ body }) => Buffer.from(body)),
    async [Symbol.asyncDispose]() {
      await Promise.all([plain.stop("SIGKILL"), tls.stop("SIGKILL")]);
      await upstream.stop();
      await authority[Symbol.asyncDispose]();
    },
  };
}

/** The path of a signed URL of the app whose signature over the body is wrong. */
export function wronglySigned(url: string, target: string, options: SignedOptions = {}): string {
  const path = signedTarget(url, target, { method: "POST", body: "another", ...options });
  return path.replace(/.{64}$/, "0".repeat(64));
}

/** The head of a chunked POST, as bytes. */
export function chunkedHead(path: string, headers: readonly string[] = []): Buffer {
  const lines = [`POST ${path} HTTP/1.1`, "Host: gateway.test", ...headers];
  return Buffer.from([...lines, "Transfer-Encoding: chunked", "", ""].join("\r\n"), "latin1");
}

/** An HTTP/2 connection to a gateway, and a way to open streams on it whose bodies stay open. */
export function openSession(gateway: Pick<Gateway, "port">, ca: string) {
  const session = connect(`https://127.0.0.1:${gateway.port}`, { ca });
  session.on("error", () => {});
  const open = (path: string, headers: Record<string, string> = {}) => {
    const request = { ":method": "POST", ":path": path, ...headers };
    const stream = session.request(request, { endStream: false });
    stream.on("error", () => {});
    stream.resume();
    return stream;
  };
  return { open, [Symbol.dispose]: () => session.destroy() };
}

/** What happened to a gateway, and to its honest clients, during a flood. */
export interface FloodEffect {
  /** How much its memory grew at most, in bytes. */
  growth: number;
  /** How many honest exchanges were completed, one after the other. */
  served: number;
  /** How long each of these took, in milliseconds. */
  delays: number[];
}

/**
 * Watches a gateway's memory and goes on with honest exchanges until a flood is over.
 *
 * @param gateway that is flooded
 * @param flood ends by itself
 * @param honest one honest exchange; throws when it fails, false when it has to be tried again
 */
export async function effectOf(
  gateway: Gateway,
  flood: () => Promise<unknown>,
  honest: () => Promise<unknown>,
): Promise<FloodEffect> {
  await honest();
  const before = await memoryOf(gateway.pid);
  let isOver = false;
  const effect: FloodEffect = { growth: 0, served: 0, delays: [] };
  const watchMemory = async () => {
    while (!isOver) {
      effect.growth = Math.max(effect.growth, (await memoryOf(gateway.pid)) - before);
      await Bun.sleep(20);
    }
  };
  const exchange = async () => {
    while (!isOver) {
      const start = performance.now();
      const isServed = (await honest()) !== false;
      if (isServed && !isOver) {
        effect.served += 1;
        effect.delays.push(performance.now() - start);
      }
      await Bun.sleep(20);
    }
  };
  const flooding = flood().finally(() => (isOver = true));
  await Promise.all([flooding, watchMemory(), exchange()]);
  return effect;
}
