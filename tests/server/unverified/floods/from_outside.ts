import type { Answers, Flooded, FloodName } from "./flood.ts";

/** What a process that floods is asked to do. */
export interface FloodOrder {
  name: FloodName;
  protocol: "HTTP/1.1" | "HTTP/2";
  seconds: number;
  to: Flooded;
}

/**
 * Runs a flood in a process of its own, so that the one which measures does nothing else.
 *
 * @returns how it was answered; nothing, when the signal ended it
 */
export async function floodFromOutside(order: FloodOrder, signal?: AbortSignal): Promise<Answers> {
  const command = [process.execPath, `${import.meta.dirname}/main.ts`, JSON.stringify(order)];
  await using child = Bun.spawn(command, { stderr: "inherit", ...(signal && { signal }) });
  const output = await new Response(child.stdout).text();
  if (signal?.aborted) return new Map();
  return new Map(Object.entries(JSON.parse(output) as Record<string, number>));
}
