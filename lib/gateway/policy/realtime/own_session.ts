import { isJsonObject, type JsonObject } from "../../../signing/verify.ts";
import { mergedObjects } from "../combine.ts";
import { checkEvent, type EventRules, opensTools } from "./check_event.ts";

/**
 * The session that the gateway sets before anything of the client.
 *
 * @param rules of all policies
 * @throws PolicyError `policy_violation` when `session` has something that the policies do not grant
 */
export function ownSession(rules: EventRules): object {
  const { allow, counts, form, maxOutputTokens, session, system } = rules;
  // What a token sets may be no more than what its client might.
  const checked = session && checkEvent(eventWith(session), { ...rules, session: undefined });
  const set = checked?.["session"];
  const own = {
    ...form.session,
    ...(maxOutputTokens !== undefined && { [form.cap]: maxOutputTokens }),
    ...(system !== undefined && { instructions: system }),
    // A session may begin with tools that the account keeps for it.
    ...(!opensTools(allow) && { tools: [] }),
    ...(counts && nested(form.turns, NO_OWN_RESPONSES)),
  } as JsonObject;
  return mergedObjects(own, isJsonObject(set) ? set : undefined)!;
}

function eventWith(session: JsonObject): JsonObject {
  return Object.assign(Object.create(null), { type: "session.update", session }) as JsonObject;
}

// A response that the provider makes by itself when somebody stops speaking could not be reserved.
const NO_OWN_RESPONSES = { type: "server_vad", create_response: false };

function nested([name, ...rest]: readonly string[], value: object): object {
  return name === undefined ? value : { [name]: nested(rest, value) };
}
