import { readdir, readFile, readlink } from "node:fs/promises";
import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { isAddress, unbracket } from "../../gateway/admission/public_address.ts";
import { portOf } from "../http/port_of.ts";

// The states of Linux in which nothing has been sent: SYN_SENT, CLOSE and LISTEN.
const UNCONNECTED: readonly string[] = ["02", "07", "0A"];

/**
 * Whether this process may have a connection to the host and port of a URL. The runtime does not tell whether a request
 * that got no answer has been sent.
 *
 * @param target an absolute http or https URL
 * @returns `false` only when the kernel knows of no connection
 */
export async function mayBeConnected(target: string): Promise<boolean> {
  const url = new URL(target);
  try {
    const addresses = await addressesOf(unbracket(url.hostname));
    const suffix = `:${portOf(url).toString(16).toUpperCase().padStart(4, "0")}`;
    const remotes = addresses.map((address) => `${addressInHex(address)}${suffix}`);
    return await hasOneOf(await inodesTo(remotes));
  } catch {
    // Another system, or a name that is not resolved any more.
    return true;
  }
}

/** The inodes of all sockets on the machine that are connected to one of these. */
async function inodesTo(remotes: readonly string[]): Promise<Set<string>> {
  const tables = await Promise.all([
    readFile("/proc/self/net/tcp", "utf8"),
    // It is absent where IPv6 is switched off.
    readFile("/proc/self/net/tcp6", "utf8").catch(() => ""),
  ]);
  const lines = tables.flatMap((table) => table.split("\n")).map((it) => it.trim().split(/\s+/));
  const connected = lines.filter(
    ([, , remote = "", state = ""]) =>
      !UNCONNECTED.includes(state) && remotes.some((it) => remote.endsWith(it)),
  );
  return new Set(connected.map((fields) => `socket:[${fields[9]}]`));
}

/** Whether one of these sockets is of this process. */
async function hasOneOf(sockets: ReadonlySet<string>): Promise<boolean> {
  if (sockets.size === 0) return false;
  const files = await readdir("/proc/self/fd");
  const links = await Promise.all(
    // A file may have been closed meanwhile.
    files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => "")),
  );
  return links.some((link) => sockets.has(link));
}

async function addressesOf(host: string): Promise<string[]> {
  if (isAddress(host)) return [host];
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** An address as in the kernel's table: words of 32 bits, each with its last byte first. */
function addressInHex(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.slice(4 * i, 4 * i + 4));
  return words
    .flatMap((word) => word.toReversed())
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}
