import type { Environment } from "./config_from_arguments.ts";
import type { Arguments } from "./parse_arguments.ts";

/** Where to listen, in the form of the file's `listen`, and what said so. */
export interface ListenAddress {
  /** Unchecked. */
  value: unknown;
  /** To be named when it is wrong. */
  name: string;
  /** What is wrong already. */
  mistakes: readonly string[];
}

/**
 * Decides where to listen: a flag wins over the file, the file over the variable `PORT`.
 *
 * @param args from `parseArguments`
 * @param written what the file says; `undefined` for nothing
 * @param env `PORT`, and in a worker the port that its supervisor found
 */
export function listenAddress(
  { given }: Arguments,
  written: unknown,
  env: Environment,
): ListenAddress {
  const [host] = given.get("host") ?? [];
  const port = env["SIGNWAY_PORT"] ?? given.get("port")?.[0];
  const byDefault = `:${env["PORT"] || "3000"}`;
  if (host === undefined && port === undefined) {
    if (written !== undefined) return { value: written, name: "listen", mistakes: [] };
    const mistakes = isPort(env["PORT"] || "3000") ? [] : [`PORT ${NO_PORT}`];
    return { value: mistakes.length > 0 ? ":3000" : byDefault, name: "PORT", mistakes };
  }
  const mistakes: string[] = [];
  if (port !== undefined && !isPort(port)) mistakes.push(`--port ${NO_PORT}`);
  if (host !== undefined && /^[^:]*:\d*$/.test(host)) mistakes.push(`--host ${NO_HOST}`);
  const base = typeof written === "string" ? written : byDefault;
  const [, baseHost = "", basePort = ""] = /^(.*):(.*)$/s.exec(base) ?? [];
  const bracketed = host?.includes(":") ? `[${host}]` : host;
  const flags = [port === undefined ? "" : "--port", host === undefined ? "" : "--host"];
  const value = `${bracketed ?? baseHost}:${port ?? basePort}`;
  // What is wrong is said once.
  const sound = mistakes.length > 0 ? ":3000" : value;
  return { value: sound, name: flags.filter(Boolean).join(" and "), mistakes };
}

const NO_PORT = "must be a number from 0 to 65535";
const NO_HOST = "must be an address without a port, which --port chooses";

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
