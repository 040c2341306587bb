import { DEFAULT_PORT } from "../../config/rows/listen_row.ts";
import type { Environment } from "./environment.ts";
import type { Arguments } from "./parse_arguments.ts";

/** Where to listen, in the form of the file's `listen`, and which setting decided it. */
export interface ListenAddress {
  /** Not checked yet. */
  value: unknown;
  /** The key, variable or flag to name when the value is wrong. */
  name: string;
  /** Mistakes that were found already. */
  mistakes: readonly string[];
}

// Takes the place of an address with a mistake, so that the schema does not report it again.
const VALID_ADDRESS = `:${DEFAULT_PORT}`;

const NO_PORT = "must be a number from 0 to 65535";
const NO_HOST = "must be an address without a port: set the port with --port";

/**
 * Decides where to listen: a flag wins over the file, the file over the variable `PORT`.
 *
 * @param args from `parseArguments`
 * @param written the value of `listen` in the file; `undefined` without the key
 * @param env `PORT`
 * @returns the address, which the schema has still to check
 */
export function listenAddress(
  { given }: Arguments,
  written: unknown,
  env: Environment,
): ListenAddress {
  // An address in brackets, as in a URL, is meant without them.
  const host = given.get("host")?.[0]?.replace(/^\[(.+)\]$/s, "$1");
  const port = given.get("port")?.[0];
  const defaultPort = env["PORT"] || String(DEFAULT_PORT);
  const defaultAddress = `:${defaultPort}`;
  if (host === undefined && port === undefined) {
    if (written !== undefined) return { value: written, name: "listen", mistakes: [] };
    if (isPort(defaultPort)) return { value: defaultAddress, name: "PORT", mistakes: [] };
    return { value: VALID_ADDRESS, name: "PORT", mistakes: [`PORT ${NO_PORT}`] };
  }
  const mistakes: string[] = [];
  if (port !== undefined && !isPort(port)) mistakes.push(`--port ${NO_PORT}`);
  if (host !== undefined && /^([^:]*|\[.*\]):\d*$/.test(host)) mistakes.push(`--host ${NO_HOST}`);
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
