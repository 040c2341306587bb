import { failureCode } from "../failure_code.ts";
import { unbracket } from "../../../gateway/admission/public_address.ts";
import type { Site } from "./site.ts";

/** Why no response came. */
export interface NoResponse {
  /** The code of the runtime's error. */
  failure: string;
}

/** A request, apart from its URL. */
export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  /** Seconds to wait for the head of the response. Default: 15. */
  patience?: number;
}

const PATIENCE = 15;

/**
 * Sends a request to the gateway, at the address that was checked. It follows no redirect and takes no proxy from the
 * environment.
 *
 * @param site the deployment
 * @param url of the request, at the gateway
 * @param asking its method and headers, and how long to wait
 */
export async function ask(
  { address, ca }: Site,
  url: URL,
  { method = "GET", headers = {}, patience = PATIENCE }: Asking = {},
): Promise<Response | NoResponse> {
  const located = new URL(url);
  const isLocated = address !== undefined && address !== unbracket(url.hostname);
  if (isLocated) located.hostname = address.includes(":") ? `[${address}]` : address;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patience * 1000);
  try {
    return await fetch(located, {
      method,
      headers: { Accept: "*/*", "User-Agent": "signway-doctor", ...headers, Host: url.host },
      redirect: "manual",
      proxy: false,
      keepalive: false,
      verbose: false,
      tls: {
        rejectUnauthorized: true,
        ...(ca !== undefined && { ca }),
        ...(isLocated && { servername: url.hostname }),
      },
      signal: late.signal,
    } as RequestInit);
  } catch (error) {
    return { failure: late.signal.aborted ? "no response" : failureCode(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a response comes from a gateway, and not from something in front of it. */
export function isOwn(response: Response): boolean {
  return response.headers.has("x-sw-request-id");
}

/** The code of a refusal by the gateway; `undefined` when it is none. */
export function refusalCode(response: Response): string | undefined {
  const code = response.headers.get("x-sw-problem") ?? undefined;
  return code !== undefined && /^[a-z_]{1,40}$/.test(code) ? code : undefined;
}

/** Describes a response that is not what was expected. */
export function describe(answer: Response | NoResponse): string {
  if ("failure" in answer) return `no response (${answer.failure.slice(0, 60)})`;
  const code = refusalCode(answer);
  if (code) return `status ${answer.status}, ${code}, from the gateway`;
  return `status ${answer.status}${isOwn(answer) ? "" : ", not from the gateway"}`;
}
