import { connect } from "node:net";
import { isLoopback } from "../../../gateway/admission/public_address.ts";
import { portOf } from "../../../runtime/http/port_of.ts";
import { type CheckResult, type Finding, found } from "./findings.ts";
import type { Site } from "./site.ts";

/** The address that accepts connections, and those that do not. */
export interface Connected {
  result: CheckResult;
  /** Absent: none does. */
  address?: string;
}

const TIMEOUT_MS = 5000;

// This machine has no such network, which says nothing of the gateway.
const NO_NETWORK: ReadonlySet<string> = new Set(["ENETUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Connects to each address of the gateway. */
export async function checkConnection(
  { url, isPrivate }: Site,
  addresses: readonly string[],
): Promise<Connected> {
  const port = portOf(url);
  const failures = await Promise.all(addresses.map((address) => failureOf(address, port)));
  const address = addresses.find((_, index) => failures[index] === undefined);
  const findings: Finding[] = addresses.flatMap((each, index) => {
    const failure = failures[index];
    if (failure === undefined) return [];
    if (address !== undefined && NO_NETWORK.has(failure)) return [];
    return [{ code: "connection_failed", measured: `${each}, port ${port}: ${failure}` }];
  });
  if (url.protocol === "http:" && !isPrivate && !isLoopback(url.hostname)) {
    findings.push({ code: "not_encrypted", measured: "the URL is http" });
  }
  const result = found("connection", findings, `${address}, port ${port}, accepts connections`);
  return { result, ...(address !== undefined && { address }) };
}

function failureOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (failure?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failure);
    };
    const timer = setTimeout(() => end("no answer for 5 s"), TIMEOUT_MS);
    socket.once("connect", () => end());
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "it failed"));
  });
}
