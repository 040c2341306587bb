import type { ApiSources, ProcessState } from "../sources.ts";
import { ApiError } from "./endpoint.ts";

/**
 * Asks the processes that serve requests for their states.
 *
 * @param sources of the answers
 * @returns at least one state
 * @throws ApiError when none responds. Without them every app would look unknown
 */
export async function processStates({ processes }: ApiSources): Promise<readonly ProcessState[]> {
  const states = await processes();
  if (states.length === 0) throw new ApiError("workers_silent");
  return states;
}
