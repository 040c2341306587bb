import type { Flags } from "./flags.ts";

/** Every option of `signway try`, in the order of the help. */
export const TRY_FLAGS = {
  config: {
    group: "Gateway",
    value: "FILE",
    help: "The gateway's configuration file. Required.",
  },
  token: {
    group: "Request",
    value: "TOKEN",
    help: "Send this access token with the request; - reads it from the standard input.",
  },
  target: {
    group: "Request",
    value: "URL",
    help: "With --token: the URL of the upstream that the request is for. Default: the URL in the token's limits, if it is a single one and no prefix.",
  },
  url: {
    group: "Request",
    value: "URL",
    help: "Without --token: the URL of the request at the gateway, which may be a signed URL or that of a route.",
  },
  method: {
    group: "Request",
    value: "METHOD",
    help: "Method of the request. Default: POST with a body, GET without.",
  },
  body: {
    group: "Request",
    value: "FILE",
    help: "Send the bytes of this file as the body; - reads them from the standard input. Default: no body.",
  },
  header: {
    group: "Request",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "Header of the request. Default: with a body, Content-Type: application/json.",
  },
  ip: {
    group: "Request",
    value: "ADDRESS",
    help: "The client's address, for limits on addresses. Default: unknown.",
  },
  json: {
    group: "Output",
    help: "Print the method, the target, the names of what is added, what was edited and the body as JSON.",
  },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway try`, without its dashes. */
export type TryFlagName = keyof typeof TRY_FLAGS;
