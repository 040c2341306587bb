import { signUrl } from "../../lib/signing/mod.ts";
import type { Sign } from "./openai_client.ts";

export interface Credential {
  gateway: string;
  id: string;
  secret: string;
}

/** Signs the method, the URL and the body, as a backend would. */
export function createSign(credential: Credential): Sign {
  return (upstream, method, body) =>
    signUrl(upstream, { ...credential, method, ...(body !== undefined && { body }) });
}
