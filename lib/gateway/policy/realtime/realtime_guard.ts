import { formatJsonLike, type JsonDocument, type JsonObject } from "../../../signing/verify.ts";
import type { CheckedMessage, ResponseReport, SocketGuard } from "../../model/socket_guard.ts";
import { memberAt, withMember } from "../guard/members.ts";
import { GatewayError } from "../../problem/gateway_error.ts";
import { jsonAt, parseJson } from "../../usage/usage_numbers.ts";
import { violation } from "../guard/refuse.ts";
import type { CurrentPrices } from "../usage_reading.ts";
import { checkEvent, type EventRules } from "./check_event.ts";
import { errorEvent } from "./error_event.ts";
import { ownSession } from "./own_session.ts";
import { readMessage } from "./read_message.ts";
import { readResponseEnd } from "./realtime_usage.ts";
import { MOST_OUTPUT, SessionBound } from "./session_bound.ts";
import { withoutInstructions } from "./without_instructions.ts";

/** By this an API names the event that it refuses. */
const OWN_ID = "event_signway_session";

/** The event by which an API takes a session. */
const SET = "session.updated";

/**
 * Guards a session of the realtime API. It sends a `session.update` of its own before anything of the client, and checks
 * each event. Where tokens or cost are counted, one response is open at a time, and each has a bound.
 */
export class RealtimeGuard implements SocketGuard {
  readonly first: readonly string[];
  readonly explain = errorEvent;
  readonly #rules: EventRules;
  readonly #prices: CurrentPrices;
  readonly #bound: SessionBound;
  /** Whether the API has not yet answered the session that the gateway sets. */
  #isUnanswered = true;
  /** The output cap of the open response. Absent: none is open. */
  #openCap: number | undefined;

  /**
   * @param rules of all policies
   * @param prices of the moment
   */
  constructor(rules: EventRules, prices: CurrentPrices) {
    this.#rules = rules;
    this.#prices = prices;
    this.#bound = new SessionBound(rules.model, prices);
    const own = { type: "session.update", event_id: OWN_ID, session: ownSession(rules) };
    this.first = [JSON.stringify(own)];
    this.first.forEach((message) => this.#bound.sent(message));
  }

  check(message: string | Uint8Array): CheckedMessage {
    if (typeof message !== "string") throw violation("", "a binary message is not granted.");
    const document = readMessage(message);
    const event = checkEvent(document.value, this.#rules);
    const text = formatJsonLike(event, document);
    if (!this.#rules.counts) return { message: text };
    if (event["type"] === "response.create") return this.#checkResponse(event, text, document);
    this.#bound.sent(text);
    return { message: text };
  }

  read(message: string): ResponseReport | undefined {
    if (this.#isUnanswered) this.#assertSet(message);
    if (this.#openCap === undefined) return undefined;
    const end = readResponseEnd(message, this.#rules.model, this.#prices);
    if (end === undefined) return undefined;
    // Without a report it may be as long as its cap.
    this.#bound.responded(end?.usage.output ?? this.#openCap, end?.usage.input);
    this.#openCap = undefined;
    if (!end) return {};
    const { usage, cost } = end;
    return { usage, tokens: usage.input + usage.output, ...(cost !== undefined && { cost }) };
  }

  /** What the policy sets stays here. */
  show(message: string): string | undefined {
    return this.#rules.system === undefined ? message : withoutInstructions(message);
  }

  /** A session whose rules the API does not take would have none. */
  #assertSet(message: string): void {
    if (!message.includes(OWN_ID) && !message.includes(SET)) return;
    const event = parseJson(message);
    const type = jsonAt(event, ["type"]);
    if (type === "error" && jsonAt(event, ["error", "event_id"]) === OWN_ID) {
      throw new GatewayError("upstream_broken", "the API refused the session that the policy sets");
    }
    if (type === SET) this.#isUnanswered = false;
  }

  #checkResponse(event: JsonObject, text: string, document: JsonDocument): CheckedMessage {
    if (this.#openCap !== undefined) {
      const detail = "A response is open. Ask for the next one when it is done.";
      return { reply: this.explain({ code: "conversation_already_has_active_response", detail }) };
    }
    const path = ["response", this.#rules.form.cap];
    const { value } = document;
    const isAsked = typeof memberAt(value as JsonObject, path) === "number";
    const set = memberAt(event, path);
    const cap = Math.min(typeof set === "number" ? set : MOST_OUTPUT, MOST_OUTPUT);
    this.#bound.sent(text);
    return {
      response: {
        bound: this.#bound.next(cap, isAsked),
        withCap: (granted) => {
          // Until it is reserved, the end of a response is that of another one.
          this.#openCap = granted;
          return formatJsonLike(withMember(event, path, granted), document);
        },
      },
    };
  }
}
