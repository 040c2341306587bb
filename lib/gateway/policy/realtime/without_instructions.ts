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
 * Takes the instructions out of an event of the API, which repeats those of the session.
 *
 * @param message of the API
 * @returns the same text when there are none; `undefined` for what cannot be read and might have some
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
