import { DEFAULT_EXPIRES } from "../../signing/sw1/defaults.ts";
import { DEFAULT_PORT } from "../../config/rows/listen_row.ts";
import type { Flags } from "./flags.ts";

/** The gateway that URLs are signed for by default: one on this machine, with its defaults. */
export const DEFAULT_GATEWAY = `http://localhost:${DEFAULT_PORT}`;

/** Every option of `signway sign`, in the order of the help. */
export const SIGN_FLAGS = {
  method: {
    group: "What is signed",
    value: "METHOD",
    help: "The request's method. Default: GET; POST with a body.",
  },
  expires: {
    group: "What is signed",
    value: "SECONDS",
    help: `For how long the URL holds. Default ${DEFAULT_EXPIRES}.`,
  },
  header: {
    group: "What is signed",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "The request must carry this header with exactly this value.",
  },
  body: {
    group: "What is signed",
    value: "TEXT",
    help: "The request must carry exactly this body. Without a body here, any body will do.",
  },
  "body-file": {
    group: "What is signed",
    value: "FILE",
    help: "The same, with the bytes of a file.",
  },
  gateway: {
    group: "Who signs, for which gateway",
    value: "URL",
    help: `The gateway's public URL. Default: where the file of --config has it listen, else ${DEFAULT_GATEWAY}.`,
  },
  config: {
    group: "Who signs, for which gateway",
    value: "FILE",
    help: "Take the app's id and first secret from the gateway's configuration, not from SW_ID and SW_SECRET.",
  },
  app: {
    group: "Who signs, for which gateway",
    value: "ID",
    help: "Which app of the file. Default: the only one.",
  },
  curl: {
    group: "Output",
    help: "Print a command that sends the request, quoted for sh.",
  },
  json: { group: "Output", help: "Print the URL and what belongs to it as JSON." },
  help: { group: "Help", help: "Show this text. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway sign`, without its dashes. */
export type SignFlagName = keyof typeof SIGN_FLAGS;
