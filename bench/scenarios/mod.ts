import type { Scenario } from "../scenario.ts";
import { bigBodies } from "./big_bodies.ts";
import { smallGet, smallPost } from "./small_requests.ts";
import { streams } from "./streams.ts";
import { verify } from "./verify.ts";

/** Everything that is measured, in the order of the report. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  small_get: smallGet,
  small_post: smallPost,
  streams,
  big_bodies: bigBodies,
  verify,
};
