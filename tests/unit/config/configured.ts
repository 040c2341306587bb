import { mistakesOf, settingsOf, type Surroundings } from "../cli/command_line.ts";
import type { Settings } from "../../../lib/config/settings.ts";

/** The least that a file must say. */
export const APP = {
  id: "web",
  secrets: ["a secret of more than 32 bytes, as tokens need"],
  upstream: [{ url: "https://api.example/" }],
};

/** A route that is left out of the checking. */
export const ROUTE = { path: "/open/", upstream: "https://api.example/", signature: "none" };

/** A route whose requests are signed. */
export const SIGNED_ROUTE = {
  ...ROUTE,
  path: "/signed/",
  signature: { scheme: "sasigning", secrets: ["another secret of enough bytes"] },
};

const FILE = "config.json";

/** A file of this shape, and what the command line says beside it. */
export interface Configured extends Omit<Surroundings, "files"> {
  args?: string[];
  /** Files beside it. */
  files?: Record<string, string>;
}

/** The settings of a file. */
export function settingsOfFile(shape: object, { args = [], ...rest }: Configured = {}): Settings {
  return settingsOf(["--config", FILE, ...args], surroundings(shape, rest));
}

/** What is wrong with a file. */
export function mistakesOfFile(shape: object, { args = [], ...rest }: Configured = {}) {
  return mistakesOf(["--config", FILE, ...args], surroundings(shape, rest));
}

function surroundings(shape: object, { env = {}, files = {} }: Configured): Surroundings {
  return { env, files: { ...files, [FILE]: JSON.stringify(shape) } };
}
