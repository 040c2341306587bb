import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { STDERR, writeText } from "./write_text.ts";

/** The address of a listener. */
export interface ListenAddress {
  host: string;
  port: number;
}

/**
 * Starts a listener. If that fails, it writes one line with the reason to stderr.
 *
 * @param address the address of the listener, for the message
 * @param start starts the listener; throws the runtime's error when it cannot listen on the address
 * @param setting the setting that has the address, for the message. Default: that of the gateway itself, which needs no name
 * @returns the result of `start`; `undefined` when it threw
 */
export async function listenOrReport<T>(
  address: ListenAddress,
  start: () => T,
  setting?: "admin",
): Promise<T | undefined> {
  try {
    return start();
  } catch (error) {
    const { host, port } = address;
    const place = `${host || "*"}:${port}${setting ? ` for ${setting}` : ""}`;
    const code = (error as { code?: string }).code ?? "unknown";
    writeText(STDERR, `signway: cannot listen on ${place} ${await describeFailure(host, code)}\n`);
    return undefined;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: ": the address is already in use. End what listens there, or choose another one",
  EADDRNOTAVAIL: ": this machine does not have this address",
};

async function describeFailure(host: string, code: string): Promise<string> {
  if (/SSL|PEM|TLS|CERT/i.test(code)) return `with this certificate and key (${code})`;
  // The runtime reports a name that does not resolve as an address that is in use.
  if (!(await isResolvable(host))) return "(ENOTFOUND): the name does not resolve";
  return `(${code})${REMEDIES[code] ?? ""}`;
}

async function isResolvable(host: string): Promise<boolean> {
  if (host === "" || isIP(host) !== 0) return true;
  return lookup(host).then(
    () => true,
    () => false,
  );
}
