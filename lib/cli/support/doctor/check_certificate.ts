import { connect, type PeerCertificate, rootCertificates } from "node:tls";
import { isAddress, unbracket } from "../../../gateway/admission/public_address.ts";
import { portOf } from "../../../runtime/http/port_of.ts";
import { type CheckResult, type FindingCode, found, skipped } from "./findings.ts";
import type { Site } from "./site.ts";

const TIMEOUT_MS = 10_000;
const DAY_MS = 86_400_000;
/** Fewer days are a finding: authorities that renew by themselves do so 30 days before. */
const FEW_DAYS = 14;

interface Handshake {
  /** The end of the certificate's life, in milliseconds since the epoch. */
  expiresAt?: number;
  /** The code of why a client does not trust it. */
  error?: string;
}

/** Shakes hands with the server, and reads its certificate. Nothing is sent. */
export async function checkCertificate(site: Site, now: Date): Promise<CheckResult> {
  if (site.url.protocol !== "https:") return skipped("certificate", "the URL is http");
  const { expiresAt, error } = await shakeHands(site);
  const days = expiresAt === undefined ? NaN : Math.floor((expiresAt - now.getTime()) / DAY_MS);
  if (error !== undefined) {
    const measured = `clients refuse the certificate (${error})`;
    return found("certificate", [{ code: codeOf(error), measured }], "");
  }
  if (days < FEW_DAYS) {
    const measured = `the certificate expires in ${days} days`;
    return found("certificate", [{ code: "certificate_expiring", measured }], "");
  }
  return found("certificate", [], `trusted, valid for ${days} more days`);
}

function codeOf(error: string): FindingCode {
  if (error === "CERT_HAS_EXPIRED") return "certificate_expired";
  if (error === "ERR_TLS_CERT_ALTNAME_INVALID") return "certificate_wrong_name";
  return "certificate_untrusted";
}

function shakeHands({ url, address, ca }: Site): Promise<Handshake> {
  const host = unbracket(url.hostname);
  return new Promise((resolve) => {
    const socket = connect({
      host: address ?? host,
      port: portOf(url),
      // Names only (RFC 6066, section 3).
      ...(!isAddress(host) && { servername: host }),
      rejectUnauthorized: false,
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    });
    const end = (handshake: Handshake) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(handshake);
    };
    const timer = setTimeout(() => end({ error: "no handshake for 10 s" }), TIMEOUT_MS);
    socket.once("error", ({ code }: NodeJS.ErrnoException) => end({ error: code ?? "no TLS" }));
    socket.once("secureConnect", () => {
      const certificate: PeerCertificate = socket.getPeerCertificate();
      const { authorized, authorizationError } = socket;
      const expiresAt = Date.parse(certificate.valid_to);
      end({ expiresAt, ...(!authorized && { error: String(authorizationError) }) });
    });
  });
}
