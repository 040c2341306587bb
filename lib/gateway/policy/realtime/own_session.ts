import type { EventRules } from "./check_event.ts";

/**
 * The session that the gateway sets before anything of the client.
 *
 * @param rules of all policies
 */
export function ownSession({ allow, counts, form, maxOutputTokens, system }: EventRules): object {
  return {
    ...form.session,
    ...(maxOutputTokens !== undefined && { [form.cap]: maxOutputTokens }),
    ...(system !== undefined && { instructions: system }),
    // A session may begin with tools that the account keeps for it.
    ...(![...allow].some((entry) => /^tools(:|$)/.test(entry)) && { tools: [] }),
    ...(counts && nested(form.turns, NO_OWN_RESPONSES)),
  };
}

// A response that the provider makes by itself when somebody stops speaking could not be reserved.
const NO_OWN_RESPONSES = { type: "server_vad", create_response: false };

function nested([name, ...rest]: readonly string[], value: object): object {
  return name === undefined ? value : { [name]: nested(rest, value) };
}
