import type { Flags } from "./flags.ts";

/** Every option of `signway help`. */
export const HELP_FLAGS = {
  man: { group: "Options", help: "Print the manual page, in the format of man." },
  help: { group: "Options", help: "Show this help." },
} as const satisfies Flags;
