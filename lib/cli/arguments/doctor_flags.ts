import type { Flags } from "./flags.ts";

/** How long the gateway stays silent for `signway doctor` by default, in seconds. */
export const DEFAULT_SILENCE = 65;

/** Every option of `signway doctor`, in the order of the help. */
export const DOCTOR_FLAGS = {
  config: {
    group: "Signer",
    value: "FILE",
    help: "Sign with the first secret of an app in the gateway's configuration file. Default: with SW_ID and SW_SECRET. Without a secret, streams, the path and the upstream are not checked.",
  },
  app: {
    group: "Signer",
    value: "ID",
    help: "With --config, the app that signs. Default: the only app of the file.",
  },
  target: {
    group: "Checks",
    value: "URL",
    help: "Send a GET to this URL of the upstream through the gateway, which counts as any request. Default: the list of models, if the app's first upstream is OpenAI, Anthropic or Google.",
  },
  origin: {
    group: "Checks",
    value: "ORIGIN",
    many: true,
    help: "Check that pages of this origin, such as https://app.example.com, may call the gateway. Default: not checked.",
  },
  silence: {
    group: "Checks",
    value: "SECONDS",
    help: `Let the gateway be silent for this time, 5 to 600, to find a proxy that does not wait. Default: ${DEFAULT_SILENCE}, as many proxies wait for 60.`,
  },
  resolver: {
    group: "Network",
    value: "ADDRESS",
    help: "Ask the DNS server at this address, such as 1.1.1.1 or 127.0.0.1:5353, for the gateway's name. Default: the resolver of this machine.",
  },
  private: {
    group: "Network",
    help: "The gateway is for a private network: private addresses and plain http are right.",
  },
  ca: {
    group: "Network",
    value: "FILE",
    help: "Also trust the certificate authorities in this PEM file.",
  },
  json: { group: "Output", help: "Print the checks and findings as JSON." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway doctor`, without its dashes. */
export type DoctorFlagName = keyof typeof DOCTOR_FLAGS;
