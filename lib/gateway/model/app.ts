import type { CorsPolicy } from "./cors_policy.ts";
import type { Limits, UpstreamRule } from "./rule.ts";

/** Someone whose requests the gateway honours: an app, or a route. */
export interface Principal extends Limits {
  /** The id of the app, or the path of the route. */
  id: string;
  /** The longest path that matches wins. */
  upstreams: readonly UpstreamRule[];
  /** Default: the gateway's. */
  cors?: CorsPolicy;
}

/** A principal that signs URLs. */
export interface App extends Principal {
  /** Any of them verifies. */
  secrets: readonly string[];
  /** The longest life of a signed URL, in seconds. Default: the gateway's. */
  maxExpires?: number;
}
