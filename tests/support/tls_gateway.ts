import { type Authority, type Certificate, createAuthority } from "./certificates.ts";
import { type EventFeed, startEventFeed } from "./event_feed.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { signedTarget } from "./signed.ts";

/** A gateway that speaks TLS, before an upstream of event streams. */
export interface TlsGateway extends AsyncDisposable {
  authority: Authority;
  /** The first certificate; its files are the ones that the gateway was told. */
  certificate: Certificate;
  feed: EventFeed;
  gateway: Gateway;
  /** A signed URL of an event stream. */
  sign: (method?: string) => string;
}

/** Starts one with a certificate for the loopback address. */
export async function startTlsGateway(args: string[] = []): Promise<TlsGateway> {
  const authority = await createAuthority();
  const certificate = await authority.issue();
  const feed = await startEventFeed();
  const tls = ["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile];
  const gateway = await startGateway({ args: ["--upstream", feed.url, ...tls, ...args] });
  const url = `https://127.0.0.1:${gateway.port}`;
  return {
    authority,
    certificate,
    feed,
    gateway,
    sign: (method = "GET") => url + signedTarget(url, `${feed.url}/`, { method }),
    async [Symbol.asyncDispose]() {
      await gateway.stop("SIGKILL");
      await feed.stop();
      await authority[Symbol.asyncDispose]();
    },
  };
}
