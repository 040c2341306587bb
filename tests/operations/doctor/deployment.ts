import type { ConfigInput } from "../../../lib/config/schema.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import type { Authority } from "../../support/certificates.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { type Finished } from "../../support/finished.ts";
import { runSignway } from "../../support/run_signway.ts";
import { documentedConfigs, type ProxyLanguage, startProxy } from "../deploy/documented_proxy.ts";

/** The page that calls the gateway. */
export const ORIGIN = "https://app.example.com";

const SHIFTED_CLOCK = `${import.meta.dirname}/shifted_clock.ts`;

/** A deployment: an upstream, a gateway, and a proxy with a configuration of docs/reverse_proxy.md in front. */
export interface DeploymentOptions {
  language?: ProxyLanguage;
  /** Whether it is the configuration under a path. Default: the one at the root. */
  underPath?: boolean;
  /** Changes the documented configuration. Default: it stays. */
  proxy?: (config: string) => string;
  /** Settings beside the app. Default: `cors` for {@link ORIGIN}, and the public path. */
  gateway?: Partial<ConfigInput>;
  /** Variables of the gateway; `SHIFT_SECONDS` shifts its clock. Default: none. */
  env?: Record<string, string>;
  /** The status of the upstream's response. Default: `200 OK`. */
  status?: string;
  /** Days that the certificate of the proxy lives. Default: 90. */
  days?: number;
  /** The alternative names of the certificate. Default: the loopback address and `localhost`. */
  names?: string;
}

/** What a started deployment is examined with. */
export interface Deployment extends AsyncDisposable {
  url: string;
  port: number;
  examine: (args?: string[], url?: string) => Promise<Finished>;
}

/** Starts a deployment with TLS in front. */
export async function startDeployment(
  authority: Authority,
  options: DeploymentOptions = {},
): Promise<Deployment> {
  const { language = "nginx", underPath = false, proxy: change = (text) => text } = options;
  const { env = {}, status = "200 OK", days = 90, names } = options;
  await using started = new AsyncDisposableStack();
  const place = underPath ? "/signway/" : "/";
  const upstream = started.use(await startUpstream(() => [respond("{}", { status })]));
  const gateway = started.use(
    await startConfigured(
      {
        cors: { allow_origins: [ORIGIN] },
        public_path: place,
        app: [
          {
            id: CREDENTIAL.id,
            secrets: [CREDENTIAL.secret],
            upstream: [{ url: `${upstream.url}/`, headers: { "X-Key": "key-canary" } }],
          },
        ],
        ...options.gateway,
      },
      "SHIFT_SECONDS" in env ? { ...env, BUN_OPTIONS: `--preload ${SHIFTED_CLOCK}` } : env,
    ),
  );
  const config = (await documentedConfigs(language))[underPath ? 1 : 0] ?? "";
  const certificate = await authority.issue({ days, ...(names && { names }) });
  const proxy = started.use(await startProxy(language, change(config), gateway.port, certificate));
  const url = `https://localhost:${proxy.port}${place}`;
  const base = ["--config", gateway.file, "--ca", authority.caFile, "--json"];
  const target = ["--target", `${upstream.url}/models`, "--origin", ORIGIN];
  const stack = started.move();
  return {
    url,
    port: proxy.port,
    examine: (args = ["--silence", "5"], at = url) =>
      runSignway(["doctor", at, ...base, ...target, ...args]),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
