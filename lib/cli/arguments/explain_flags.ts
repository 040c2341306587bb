import type { Flags } from "./flags.ts";

/** Every option of `signway explain`, in the order of the help. */
export const EXPLAIN_FLAGS = {
  method: {
    group: "Request",
    value: "METHOD",
    help: "Method of the request. Default: the signed method, which is found if the secret is known; else POST with a body, GET without.",
  },
  header: {
    group: "Request",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "Header of the request. Only the headers that the URL lists as signed matter.",
  },
  body: { group: "Request", value: "TEXT", help: "Body of the request. Default: none." },
  "body-file": {
    group: "Request",
    value: "FILE",
    help: "Use the bytes of this file as the body.",
  },
  config: {
    group: "Gateway",
    value: "FILE",
    help: "Take apps, secrets and limits from the gateway's configuration file. Default: SW_ID, SW_SECRET and the default limits.",
  },
  app: {
    group: "Gateway",
    value: "ID",
    help: "Use only this app of the configuration file. Default: all apps.",
  },
  json: { group: "Output", help: "Print the explanation as JSON." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway explain`, without the leading dashes. */
export type ExplainFlagName = keyof typeof EXPLAIN_FLAGS;
