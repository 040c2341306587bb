import type { Flags } from "./flags.ts";

/** Every option of `signway check`, in the order of the help. */
export const CHECK_FLAGS = {
  config: {
    group: "Options",
    value: "FILE",
    help: "The configuration file, in place of FILE.",
  },
  schema: {
    group: "Options",
    help: "Print the JSON Schema of configuration files, for editors.",
  },
  help: { group: "Options", help: "Show this help." },
} as const satisfies Flags;
