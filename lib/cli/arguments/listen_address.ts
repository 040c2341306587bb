import { DEFAULT_PORT } from "../../config/rows/listen_row.ts";
import type { Environment } from "../../config/environment.ts";
import type { Arguments } from "./parse_arguments.ts";

/** The address to listen on, and the setting that it comes from. */
export interface ListenAddress {
  /** The address in the form of the key `listen`, `HOST:PORT`. The schema has not validated it yet. */
  value: unknown;
  /** The variable or flag that a message about a wrong value should name. Absent: it is the value of the file. */
  name?: string;
  /** Mistakes in `--host`, `--port` or `PORT`. */
  mistakes: readonly string[];
}

// Replaces an address with a mistake, so that the schema does not report the same mistake again.
const VALID_ADDRESS = `:${DEFAULT_PORT}`;

const NO_PORT = "must be a number from 0 to 65535";
const NO_HOST = "must be an address without a port: set the port with --port";

/**
 * Determines the address to listen on. Flags override the file, and the file overrides the variable `PORT`.
 *
 * @param args the command line, from `parseArguments`
 * @param written the value of `listen` in the file; `undefined` when the file does not set it
 * @param env the environment, of which `PORT` is read
 * @returns the address, which the schema has not validated yet
 */
export function listenAddress(
  { given }: Arguments,
  written: unknown,
  env: Environment,
): ListenAddress {
  // Accept an IPv6 address in brackets, as in a URL.
  const host = given.get("host")?.[0]?.replace(/^\[(.+)\]$/s, "$1");
  const port = given.get("port")?.[0];
  const defaultPort = env["PORT"] || String(DEFAULT_PORT);
  const defaultAddress = `:${defaultPort}`;
  if (host === undefined && port === undefined) {
    if (written !== undefined) return { value: written, mistakes: [] };
    if (isPort(defaultPort)) return { value: defaultAddress, name: "PORT", mistakes: [] };
    return { value: VALID_ADDRESS, name: "PORT", mistakes: [`PORT ${NO_PORT}`] };
  }
  const mistakes: string[] = [];
  if (port !== undefined && !isPort(port)) mistakes.push(`--port ${NO_PORT}`);
  if (host !== undefined && /^([^:]*|\[.*\]):\d*$/.test(host)) mistakes.push(`--host ${NO_HOST}`);
  if (port === undefined && typeof written !== "string" && !isPort(defaultPort)) {
    mistakes.push(`PORT ${NO_PORT}`);
  }
  const base = typeof written === "string" ? written : defaultAddress;
  const [, baseHost = "", basePort = ""] = /^(.*):(.*)$/s.exec(base) ?? [];
  const bracketed = host?.includes(":") ? `[${host}]` : host;
  const flags = [port === undefined ? "" : "--port", host === undefined ? "" : "--host"];
  const address = `${bracketed ?? baseHost}:${port ?? basePort}`;
  const value = mistakes.length > 0 ? VALID_ADDRESS : address;
  return { value, name: flags.filter(Boolean).join(" and "), mistakes };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
