import type { App } from "./app.ts";
import type { InjectedHeader, UpstreamRule } from "./rule.ts";

/** What authentication yields: who signed, and what they allow. */
export interface Grant {
  app: App;
  /** As on the request line. */
  method: string;
  /** The absolute URL that the request is for. */
  target: URL;
  /** The request headers that the signature covers, in lower case. */
  signedHeaders: readonly string[];
  /** The body, if it had to be read to verify it. */
  body?: Uint8Array<ArrayBuffer>;
  /** Headers that tell the upstream of the client. Default: none. */
  forwarded?: readonly InjectedHeader[];
}

/** What authorization yields: the exact URL to call, under which rule. */
export interface AuthorizedTarget {
  url: URL;
  rule: UpstreamRule;
  /** The address that was checked and is to be connected to. Absent: the URL's own host. */
  address?: string;
}
