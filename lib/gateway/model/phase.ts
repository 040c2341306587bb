/** Whether the gateway accepts requests, refuses new ones, or aborts the ones that still run. */
export type Phase = "serving" | "draining" | "cutting";
