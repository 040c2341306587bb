import {
  formatJsonLike,
  isJsonObject,
  JsonError,
  type JsonObject,
  readStrictJson,
} from "../../../signing/verify.ts";
import { withMember, withoutMember } from "../guard/members.ts";

const MARKER = '"instructions"';

/** The members of an event that may repeat the instructions of a session. */
const HOLDERS = ["session", "response"];

/**
 * Removes the instructions of the session from an event of the API, which repeats them.
 *
 * @param message the event, as JSON
 * @returns the same text when it has no instructions; `undefined` when it cannot be parsed and may have some
 */
export function withoutInstructions(message: string): string | undefined {
  if (!message.includes(MARKER)) return message;
  try {
    const document = readStrictJson(message);
    const { value } = document;
    return isJsonObject(value) ? formatJsonLike(bare(value), document) : message;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return undefined;
  }
}

function bare(event: JsonObject): JsonObject {
  return HOLDERS.reduce((copy, name) => {
    const holder = copy[name];
    if (!isJsonObject(holder)) return copy;
    return withMember(copy, [name], withoutMember(holder, "instructions"));
  }, event);
}
