import { TEMPORARY_KEYS } from "./aws_stage.ts";

/** Stand-ins for the endpoints from which machines of AWS have keys. */
export interface KeyEndpoints extends AsyncDisposable {
  /** The variables that tell a program where they are. */
  env: Record<string, string>;
  /** How many keys each gave. */
  given: Record<"container" | "imds", number>;
  /** Whether they answer with 500. */
  isBroken: boolean;
}

const TOKEN = "canary of a token of the container";
const SESSION = "canary-of-an-imds-token==";
const FOLDER = "/latest/meta-data/iam/security-credentials/";

/**
 * Starts both, with the checks of the true ones: IMDSv2 answers only with a token that was asked for by PUT, and no
 * request with `X-Forwarded-For`; the container's endpoint wants the token of the container.
 *
 * @param life of the keys, in milliseconds
 */
export function startKeyEndpoints(life: number): KeyEndpoints {
  const given = { container: 0, imds: 0 };
  const keys = (source: keyof typeof given) => {
    given[source]++;
    const Expiration = new Date(Date.now() + life).toISOString();
    return Response.json({ Code: "Success", Type: "AWS-HMAC", ...TEMPORARY_KEYS, Expiration });
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const header = (name: string) => request.headers.get(name);
      if (endpoints.isBroken) return new Response("canary of an error", { status: 500 });
      if (pathname === "/v2/credentials/role") {
        return header("authorization") === TOKEN
          ? keys("container")
          : new Response("", { status: 401 });
      }
      if (header("x-forwarded-for") !== null) return new Response("", { status: 403 });
      if (pathname === "/latest/api/token") {
        const seconds = Number(header("x-aws-ec2-metadata-token-ttl-seconds"));
        const isRight = request.method === "PUT" && seconds >= 1 && seconds <= 21_600;
        return new Response(isRight ? SESSION : "", { status: isRight ? 200 : 400 });
      }
      const isKnown = request.method === "GET" && header("x-aws-ec2-metadata-token") === SESSION;
      if (!isKnown) return new Response("", { status: 401 });
      if (pathname === FOLDER) return new Response("the-role\n");
      return pathname === `${FOLDER}the-role` ? keys("imds") : new Response("", { status: 404 });
    },
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const endpoints: KeyEndpoints = {
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin}/v2/credentials/role`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: TOKEN,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: origin,
    },
    given,
    isBroken: false,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
  return endpoints;
}
