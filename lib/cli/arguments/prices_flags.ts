import type { Flags } from "./flags.ts";

/** Every option of `signway prices`, in the order of the help. */
export const PRICES_FLAGS = {
  config: {
    group: "Gateway",
    value: "FILE",
    help: "Take the prices from the gateway's configuration file too. Default: only the built-in ones.",
  },
  provider: {
    group: "Gateway",
    value: "NAME",
    help: "Show the price of this provider alone: openai, azure, anthropic, google, vertex or bedrock. Default: all that have the model.",
  },
  json: { group: "Output", help: "Print the prices as JSON." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway prices`, without its dashes. */
export type PricesFlagName = keyof typeof PRICES_FLAGS;
