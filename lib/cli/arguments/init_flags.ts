import type { Flags } from "./flags.ts";

/** The APIs that `signway init` knows by name. */
export const API_NAMES = ["openai", "anthropic", "google"] as const;

/** The kinds of credential that callers can get. */
export const CREDENTIALS = ["token", "url"] as const;

/** The places that `signway init` writes a configuration for. */
export const PLACES = ["local", "proxy", "container"] as const;

/** Every option of `signway init`, in the order of the help. */
export const INIT_FLAGS = {
  api: {
    group: "Answers",
    value: "NAME|URL",
    choices: API_NAMES,
    help: "The API that is called: openai, anthropic, google, or the URL of another one.",
  },
  origin: {
    group: "Answers",
    value: "ORIGIN",
    many: true,
    help: "An origin whose pages call the gateway, such as https://app.example.com. Default: none, programs alone call it.",
  },
  credential: {
    group: "Answers",
    value: "KIND",
    choices: CREDENTIALS,
    help: "What callers get: token, an access token for SDKs and agents, or url, signed URLs for single requests. Default: token.",
  },
  place: {
    group: "Answers",
    value: "PLACE",
    choices: PLACES,
    help: "Where the gateway runs: local, on this machine to try it; proxy, behind nginx or Caddy on one machine; or container. Default: local.",
  },
  force: { group: "File", help: "Replace the file if there is one." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway init`, without its dashes. */
export type InitFlagName = keyof typeof INIT_FLAGS;
