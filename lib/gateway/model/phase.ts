/** Whether the gateway takes requests, turns new ones away, or cuts those that still run. */
export type Phase = "serving" | "draining" | "cutting";
