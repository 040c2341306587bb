import { DEFAULT_EXPIRES } from "../../signing/primitives/defaults.ts";
import { DEFAULT_PORT } from "../../config/rows/listen_row.ts";
import type { Flags } from "./flags.ts";

/** The default gateway that URLs are signed for: on this machine, on its default port. */
export const DEFAULT_GATEWAY = `http://localhost:${DEFAULT_PORT}`;

/** Every option of `signway sign`, in the order of the help. */
export const SIGN_FLAGS = {
  method: {
    group: "Request to sign",
    value: "METHOD",
    help: "Method of the request. Default: POST with a body, GET without.",
  },
  expires: {
    group: "Request to sign",
    value: "SECONDS",
    help: `Seconds until the URL expires. Default: ${DEFAULT_EXPIRES}.`,
  },
  header: {
    group: "Request to sign",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "Sign this header. The request must then have it with exactly this value.",
  },
  body: {
    group: "Request to sign",
    value: "TEXT",
    help: "Sign this body. The request must then have exactly this body. Default: the body is not signed, and the request may have any.",
  },
  "body-file": {
    group: "Request to sign",
    value: "FILE",
    help: "Sign the bytes of this file as the body.",
  },
  gateway: {
    group: "Signer and gateway",
    value: "URL",
    help: `Public URL of the gateway. Default: the address that it listens on according to the --config file, else ${DEFAULT_GATEWAY}.`,
  },
  config: {
    group: "Signer and gateway",
    value: "FILE",
    help: "Take the app's id and first secret from the gateway's configuration file. Default: from SW_ID and SW_SECRET.",
  },
  app: {
    group: "Signer and gateway",
    value: "ID",
    help: "Sign as this app of the configuration file. Default: its only app.",
  },
  curl: {
    group: "Output",
    help: "Print a curl command that sends the request, quoted for sh.",
  },
  json: { group: "Output", help: "Print the URL and its parts as JSON." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway sign`, without the leading dashes. */
export type SignFlagName = keyof typeof SIGN_FLAGS;
