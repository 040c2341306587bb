import { type Authority, createAuthority } from "./certificates.ts";

/** A stand-in for an identity provider: it serves key sets over TLS. */
export interface IdentityProvider extends AsyncDisposable {
  /** Of the key set, with a name to which the certificate belongs, and which does not resolve. */
  url: string;
  /** The authority of the certificate. */
  ca: string;
  /** How many requests there were. */
  count: () => number;
  /** The last request's headers. */
  headers: () => Headers;
  /** Answers from now on with these keys. */
  publish: (...keys: object[]) => void;
  /** Answers from now on in this way. */
  answer: (respond: (request: Request) => Response | Promise<Response>) => void;
}

/** Starts one, with no keys. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const authority: Authority = await createAuthority();
  const { cert, key } = await authority.issue({ names: "DNS:id.example" });
  let respond: (request: Request) => Response | Promise<Response> = () => keySet([]);
  let count = 0;
  let headers = new Headers();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert, key },
    fetch(request) {
      count++;
      headers = request.headers;
      return respond(request);
    },
  });
  return {
    url: `https://id.example:${server.port}/keys`,
    ca: authority.ca,
    count: () => count,
    headers: () => headers,
    publish(...keys) {
      respond = () => keySet(keys);
    },
    answer(next) {
      respond = next;
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true);
      await authority[Symbol.asyncDispose]();
    },
  };
}

function keySet(keys: readonly object[]): Response {
  return Response.json({ keys }, { headers: { "content-type": "application/jwk-set+json" } });
}
