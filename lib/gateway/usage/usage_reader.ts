import { isEncoded, isEventFrames, isEventStream, isJson } from "../body/event_type.ts";
import type { UsageReader } from "../model/usage.ts";
import type { UsagePlaces } from "../providers/operation.ts";
import { createBodyUsageReader } from "./body_usage.ts";
import { createEventUsageReader } from "./event_usage.ts";
import { createFrameUsageReader } from "./frame_usage.ts";

/**
 * Creates the reader of the usage in an answer.
 *
 * @param places where the operation tells its usage
 * @param answer the head of the answer
 * @param outputs how many answers were asked for. Default: one
 * @returns `undefined` when there is nothing to read: the answer failed, has a content coding, or is neither JSON nor
 *   a stream of events
 */
export function createUsageReader(
  places: UsagePlaces,
  { status, headers }: Pick<Response, "status" | "headers">,
  outputs = 1,
): UsageReader | undefined {
  if (status !== 200 || isEncoded(headers)) return undefined;
  if (isEventStream(headers)) {
    return places.events && createEventUsageReader(places, places.events, outputs);
  }
  if (isEventFrames(headers)) {
    const { events } = places;
    return events && createFrameUsageReader(createEventUsageReader(places, events, outputs));
  }
  return isJson(headers) ? createBodyUsageReader(places) : undefined;
}
