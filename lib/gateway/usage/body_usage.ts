import type { UsageReader } from "../model/usage.ts";
import type { UsagePlaces } from "../providers/operation.ts";
import { JsonMembers } from "./json_members.ts";
import { parseJson, usageIn } from "./usage_numbers.ts";

/**
 * Creates the reader of a body of JSON: an answer, or a list of answers, of which the last one counts.
 *
 * @param places where the operation tells its usage
 */
export function createBodyUsageReader(places: UsagePlaces): UsageReader {
  const { body, model, failure } = places;
  const members = new JsonMembers([body, model, failure].filter((name) => name !== undefined));
  return {
    read: (piece) => members.read(piece),
    report() {
      if (!members.isComplete) return undefined;
      if (failure !== undefined && members.text(failure) !== undefined) return undefined;
      const report = parseJson(members.text(body));
      if (report === undefined) return undefined;
      const named = model === undefined ? undefined : parseJson(members.text(model));
      return usageIn(report, named, places);
    },
  };
}
