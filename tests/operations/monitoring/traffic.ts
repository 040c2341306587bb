import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { granting } from "../../support/minted.ts";
import { OPENAI } from "../../support/providers/openai.ts";
import { startProvider } from "../../support/providers/provider_server.ts";
import { respond, RST, startUpstream } from "../../support/raw_upstream.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

/** A gateway under traffic. */
export interface Traffic {
  stop: () => Promise<void>;
}

const SECRET = "a secret for monitoring, of 32 bytes";
const KEY = "sk-operator";
const PAUSE_MS = 20;

/**
 * Starts a gateway with everything that has metrics, and sends it requests of all kinds until it is stopped: calls of a
 * model under limits, refusals, upstreams that fail, and one that refuses the operator's credential.
 *
 * @param admin the port of its admin listener
 */
export async function startTraffic(admin: number): Promise<Traffic> {
  const folder = await mkdtemp(join(tmpdir(), "signway-traffic-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await Bun.$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${key} -out ${cert} -subj /CN=a -days 30`.quiet();
  const upstream = await startUpstream(({ startLine }) => {
    if (startLine.includes("/broken")) return [RST];
    return [respond("", { status: startLine.includes("/no") ? "401 No" : "200 OK" })];
  });
  const collector = await startUpstream([respond("no", { status: "400 No" })]);
  const provider = startProvider(OPENAI, { key: KEY });
  const headers = { Authorization: `Bearer ${KEY}` };
  const gateway = await startConfigured(
    {
      admin: `127.0.0.1:${admin}`,
      admin_token: "a-token-of-16-bytes-or-more",
      tls_cert: cert,
      tls_key: key,
      otlp: { endpoint: collector.url, sample: 0.1 },
      app: [
        {
          id: "web",
          secrets: [SECRET],
          limits: { tokens: "100000000/day", cost: "1000/day" },
          upstream: [{ url: `${provider.origin}/`, provider: "openai", headers }],
        },
      ],
      route: [{ path: "/open/", upstream: upstream.url, signature: "none", headers }],
    },
    { OTEL_BSP_SCHEDULE_DELAY: "100" },
  );
  const tls = { rejectUnauthorized: false };
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}${path}`, { ...init, tls } as RequestInit).then(
      (response) => response.text(),
      () => "",
    );
  const body = JSON.stringify({
    model: "gpt-5-mini",
    max_completion_tokens: 20,
    messages: [{ role: "user", content: "one two" }],
  });
  const ask = () =>
    send(`/${provider.host}/v1/chat/completions`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${granting({}, { secret: SECRET, claims: { iss: "web" } })}`,
      },
    });
  let isRunning = true;
  const running = (async () => {
    while (isRunning) {
      const paths = ["/open/yes", "/open/broken", "/open/no", "/unknown"];
      await Promise.all([ask(), ...paths.map((path) => send(path))]);
      await Bun.sleep(PAUSE_MS);
    }
  })();
  return {
    async stop() {
      isRunning = false;
      await running;
      await gateway.stop();
      await Promise.all([upstream.stop(), collector.stop(), provider[Symbol.asyncDispose]()]);
      await rm(folder, { recursive: true });
    },
  };
}
