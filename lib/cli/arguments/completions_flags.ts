import type { Flags } from "./flags.ts";

/** The shells that `signway completions` writes for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** Every option of `signway completions`. */
export const COMPLETIONS_FLAGS = {
  help: { group: "Options", help: "Show this help." },
} as const satisfies Flags;
