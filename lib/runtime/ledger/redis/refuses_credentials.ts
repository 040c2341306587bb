import type { StoreAddress } from "../../../config/ledger/redis_location.ts";
import { COMMAND_MS, type ServerAccess, VERIFIED } from "./server_access.ts";

const REFUSAL = /^-(WRONGPASS|NOAUTH|NOPERM|ERR (?:AUTH|Client sent AUTH|invalid password))/i;

/**
 * Asks a server whether it refuses the user and the password, which a client only tells as a connection that ended.
 *
 * @param address of the server
 * @param access how to connect
 * @returns false too when it cannot be reached
 */
export async function refusesCredentials(
  { host, port }: StoreAddress,
  { isTls, user, password }: ServerAccess,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), COMMAND_MS);
  const identity = user === undefined ? [password ?? ""] : [user, password ?? ""];
  const command = password === undefined ? ["PING"] : ["AUTH", ...identity];
  const socket = await Bun.connect({
    hostname: host,
    port,
    tls: isTls && VERIFIED,
    socket: {
      open: (opened) => void opened.write(encoded(command)),
      data: (_, data) => resolve(REFUSAL.test(data.toString())),
      close: () => resolve(false),
      error: () => resolve(false),
    },
  }).catch(() => undefined);
  const isRefused = socket !== undefined && (await promise);
  clearTimeout(timer);
  socket?.end();
  return isRefused;
}

function encoded(parts: readonly string[]): string {
  const lengths = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${parts.length}\r\n${lengths.join("")}`;
}
