import type { DescribePath } from "../config_path.ts";
import { DEFAULT_PORT } from "../rows/listen_row.ts";
import type { Table } from "../tables.ts";

/**
 * Finds an admin address on which the gateway listens itself, so that only one of them could be opened.
 *
 * @param input the whole configuration, not checked
 * @param describePath names a value in a mistake
 * @returns one sentence, or none
 */
export function findAddressContradictions(
  { listen = `:${DEFAULT_PORT}`, admin }: Table,
  describePath: DescribePath,
): string[] {
  const [first, second] = [addressOf(listen), addressOf(admin)];
  if (!first || !second || first.port !== second.port || first.port === 0) return [];
  if (!overlap(first.host, second.host)) return [];
  return [`${describePath(["admin"])} is the same address as listen: choose another port`];
}

function addressOf(text: unknown): { host: string; port: number } | undefined {
  const [, host, port] = (typeof text === "string" && /^(.*):(\d{1,5})$/.exec(text)) || [];
  if (host === undefined) return undefined;
  return { host: host.toLowerCase(), port: Number(port) };
}

// Which of them it is depends on the machine.
const LOCALHOST = ["127.0.0.1", "[::1]"];

/**
 * Whether two hosts have an address in common. Another name than `localhost` is taken to differ from each single address,
 * and to be one of all interfaces.
 */
function overlap(first: string, second: string): boolean {
  return addressesOf(first).some((one) =>
    addressesOf(second).some((other) => one === other || covers(one, other) || covers(other, one)),
  );
}

function addressesOf(host: string): readonly string[] {
  return host === "localhost" ? LOCALHOST : [host];
}

function covers(all: string, host: string): boolean {
  // An IPv6 socket for all interfaces takes IPv4 too.
  if (all === "" || all === "[::]") return true;
  return all === "0.0.0.0" && !host.startsWith("[");
}
