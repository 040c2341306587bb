import { signUrl } from "../../../signing/mod.ts";
import { unbracket } from "../../../gateway/admission/public_address.ts";
import type { Signer } from "../signing/signer.ts";

/** The deployment that is checked, and how. */
export interface Site {
  /** The gateway's public URL, whose path ends in `/`. */
  url: URL;
  /** The address to connect to. Absent: that of the URL. */
  address?: string;
  /** Authorities to trust in addition, in PEM. */
  ca?: string;
  isPrivate: boolean;
  /** Seconds that the gateway is to be silent. */
  silence: number;
  /** The DNS server to ask. Absent: the machine's resolver. */
  resolver?: string;
  origins: readonly string[];
  /** The URL of the upstream to call. Absent: none is known. */
  target?: string;
  signer?: Signer;
  /** The public path of the configuration file, if there is one. */
  publicPath?: string;
  /** The URL that signatures are made for. Default: `url`. */
  signedFor?: URL;
}

/** Why no response came. */
export interface NoResponse {
  /** The code of the runtime's error. */
  failure: string;
}

/** What a request may have beside its URL. */
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
    const { code, name } = error as { code?: unknown; name?: unknown };
    return { failure: late.signal.aborted ? "no response" : String(code ?? name) };
  } finally {
    clearTimeout(timer);
  }
}

/** What a signature is made for, if not for now and a minute. */
export interface Signing {
  now?: Date;
  expires?: number;
  /** The URL that the signature is for. Default: that of the site. */
  signedFor?: URL;
}

const EXPIRES = 60;

/** Signs a GET of a target. The path of the signed URL is that of the site, whatever it is signed for. */
export async function signedUrl(site: Site, target: string, signing: Signing = {}): Promise<URL> {
  const { now = new Date(), expires = EXPIRES, signedFor = site.signedFor ?? site.url } = signing;
  const { id, secret, maxExpires = expires } = site.signer ?? STRANGER;
  const signed = await signUrl(target, {
    ...{ gateway: signedFor.href, id, secret, now },
    expires: Math.min(expires, maxExpires),
  });
  const url = new URL(site.url);
  url.search = new URL(signed).search;
  return url;
}

// A gateway reads the time of a URL before it looks for the app.
const STRANGER: Partial<Signer> & Pick<Signer, "id" | "secret"> = {
  id: "signway-doctor",
  secret: "no secret, for a URL that has expired",
};

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
