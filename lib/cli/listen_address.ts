import type { Environment } from "./config_from_arguments.ts";
import type { Arguments } from "./parse_arguments.ts";

/** Where to listen, in the form of the file's `listen`, and what said so. */
export interface ListenAddress {
  /** Unchecked. */
  value: unknown;
  /** To be named when it is wrong. */
  name: string;
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
  if (host === undefined && port === undefined) {
    if (written !== undefined) return { value: written, name: "listen" };
    return { value: `:${env["PORT"] || "3000"}`, name: "PORT" };
  }
  const base = typeof written === "string" ? written : `:${env["PORT"] || "3000"}`;
  const [, baseHost = "", basePort = ""] = /^(.*):(.*)$/s.exec(base) ?? [];
  const bracketed = host?.includes(":") ? `[${host}]` : host;
  const flags = [port === undefined ? "" : "--port", host === undefined ? "" : "--host"];
  return {
    value: `${bracketed ?? baseHost}:${port ?? basePort}`,
    name: flags.filter(Boolean).join(" and "),
  };
}
