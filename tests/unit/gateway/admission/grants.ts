import type { App } from "../../../../lib/gateway/model/app.ts";
import type { AuthorizedTarget } from "../../../../lib/gateway/model/grant.ts";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { authorize, type Resolve } from "../../../../lib/gateway/admission/authorize.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";

/** What {@link tryTarget} found out. */
export interface Attempt {
  /** Absent: refused. */
  upstream?: AuthorizedTarget;
  /** Why it was refused. */
  code?: string;
  /** The names that were looked up. */
  resolved: string[];
}

/** Authorizes a target for an app with these rules. */
export async function tryTarget(
  target: string,
  upstreams: readonly UpstreamRule[],
  resolve: Resolve = () => Promise.resolve(["93.184.215.14"]),
  method = "GET",
): Promise<Attempt> {
  const app: App = { id: "my-id", secrets: ["a secret"], upstreams };
  const resolved: string[] = [];
  const recording: Resolve = (name) => {
    resolved.push(name);
    return resolve(name);
  };
  try {
    const credential = { scheme: "signed_url" } as const;
    const covers = { permits: {}, target: new URL(target), coveredHeaders: [] };
    const grant = { principal: app, credential, ...covers };
    return { upstream: await authorize(grant, method, recording), resolved };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { code: error.code, resolved };
  }
}

/** A rule for the URL, with one header. */
export function rule(url: string, value = "injected"): UpstreamRule {
  return { url: new URL(url), headers: [["Authorization", value]] };
}
