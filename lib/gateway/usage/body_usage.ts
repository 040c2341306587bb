import type { UsageReader } from "../model/usage.ts";
import type { UsagePlaces } from "../providers/operation.ts";
import { JsonMembers } from "./json_members.ts";
import { type Json, usageIn } from "./usage_numbers.ts";

/**
 * Creates the reader of a body of JSON: an answer, or a list of answers, of which the last one counts.
 *
 * @param places where the operation tells its usage
 */
export function createBodyUsageReader(places: UsagePlaces): UsageReader {
  const members = new JsonMembers([places.body, places.model]);
  return {
    read: (piece) => members.read(piece),
    report() {
      if (!members.isComplete) return undefined;
      const [report, model] = [places.body, places.model].map((name) => parsed(members.text(name)));
      return report === undefined ? undefined : usageIn(report, model, places);
    },
  };
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
