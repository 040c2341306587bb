import type { Flags } from "./flags.ts";

/** Every option of `signway health`. */
export const HEALTH_FLAGS = {
  help: { group: "Options", help: "Show this help." },
} as const satisfies Flags;
