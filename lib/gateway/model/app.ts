import type { CorsPolicy } from "./cors_policy.ts";
import type { Limits, UpstreamRule } from "./rule.ts";

/** The app or route that a request is authenticated as. */
export interface Principal extends Limits {
  /** The id of the app, or the path of the route. */
  id: string;
  /** The rules for its targets. The longest matching URL wins. */
  upstreams: readonly UpstreamRule[];
  /** Default: the gateway's. */
  cors?: CorsPolicy;
}

/** A principal with signed URLs. */
export interface App extends Principal {
  /** A signature with any of them is accepted. */
  secrets: readonly string[];
  /** The longest lifetime of a signed URL, in seconds. Default: the gateway's. */
  maxExpires?: number;
}
