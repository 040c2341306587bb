import type { Flags } from "./flags.ts";

/** Every option of `signway explain`, in the order of the help. */
export const EXPLAIN_FLAGS = {
  method: {
    group: "The request",
    value: "METHOD",
    help: "Its method. Default: the one that was signed, if the secret tells; else GET, or POST with a body.",
  },
  header: {
    group: "The request",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "A header that it carries. Only those that the URL names as signed matter.",
  },
  body: { group: "The request", value: "TEXT", help: "Its body. Default: none." },
  "body-file": { group: "The request", value: "FILE", help: "The same, with the bytes of a file." },
  config: {
    group: "The gateway",
    value: "FILE",
    help: "Take apps, secrets and limits from the gateway's configuration, not from SW_ID and SW_SECRET.",
  },
  app: {
    group: "The gateway",
    value: "ID",
    help: "As if this app of the file were its only one. Default: all of them.",
  },
  json: { group: "Output", help: "Print the same as JSON." },
  help: { group: "Help", help: "Show this text. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway explain`, without its dashes. */
export type ExplainFlagName = keyof typeof EXPLAIN_FLAGS;
