import { isJsonObject, type JsonObject, type JsonValue } from "../../../signing/verify.ts";
import { NO_CAP, type RealtimeForm } from "../../providers/openai/realtime.ts";
import { withCaps } from "../guard/edit_body.ts";
import type { GuardRules } from "../guard/guard_types.ts";
import type { MemberPath } from "../../providers/operation.ts";
import { memberAt, withMember, withoutMemberAt } from "../guard/members.ts";
import { isPlain, violation } from "../guard/refuse.ts";
import { ShapeChecker } from "../guard/shape_checker.ts";

/** The events with an output cap, and the member that has it. */
const CAPPED: Readonly<Record<string, string>> = {
  "session.update": "session",
  "response.create": "response",
};

/** The rules for the events of a session. */
export interface EventRules extends Pick<
  GuardRules,
  "allow" | "counts" | "maxOutputTokens" | "refusesExcess" | "session" | "system"
> {
  form: RealtimeForm;
  /** The model of the handshake. */
  model: string;
}

/**
 * Checks an event of a client: it must be known, and have only what is known to be harmless, beside what the policies open.
 *
 * @param event as it was parsed
 * @param rules of all policies
 * @returns the event to send, with the cap lowered or filled in
 * @throws PolicyError `policy_violation`
 */
export function checkEvent(event: JsonValue, rules: EventRules): JsonObject {
  if (!isJsonObject(event)) throw violation("", "a message must be an object.");
  const { type } = event;
  const shape = typeof type === "string" ? rules.form.events.get(type) : undefined;
  if (!shape || typeof type !== "string") {
    const name = typeof type === "string" && isPlain(type) ? ` ${type}` : "";
    throw violation("type", `the event${name} is not known to be harmless.`);
  }
  const named = withoutModel(withoutEndlessCap(event, rules), rules.model);
  const checker = new ShapeChecker(rules);
  checker.check(named, shape);
  if (rules.counts) assertBounded(checker.used);
  const holder = CAPPED[type];
  if (holder !== undefined && rules.session) assertUnset(named[holder], rules.session, [holder]);
  const kept = type === "session.update" ? withoutResets(named, rules) : named;
  const own = rules.counts ? withoutOwnResponses(kept, rules.form) : kept;
  return capped(own, type, rules);
}

/** An API may take `null` as its own default, so that it would undo what the gateway has set. */
function withoutResets(event: JsonObject, { allow, counts, form, system }: EventRules): JsonObject {
  const { session } = event;
  if (!isJsonObject(session)) return event;
  const set: MemberPath[] = [];
  if (system !== undefined) set.push(["instructions"]);
  if (!opensTools(allow)) set.push(["tools"]);
  // `null` at the end of the path is no default: then turns are not detected.
  if (counts) form.turns.forEach((_, index) => index > 0 && set.push(form.turns.slice(0, index)));
  const isReset = (path: MemberPath) => memberAt(session, path) === null;
  return withMember(
    event,
    ["session"],
    set.filter(isReset).reduce((copy, path) => withoutMemberAt(copy, path), session),
  );
}

/** Whether a policy opens tools of any kind. Otherwise a session has none. */
export function opensTools(allow: ReadonlySet<string>): boolean {
  return [...allow].some((entry) => /^tools(:|$)/.test(entry));
}

/** A client cannot change what a policy sets. */
function assertUnset(value: JsonValue | undefined, set: JsonObject, path: readonly string[]): void {
  if (!isJsonObject(value)) return;
  for (const name in value) {
    const pinned = set[name];
    if (pinned === undefined) continue;
    const place = [...path, name];
    if (!isJsonObject(pinned) || !isJsonObject(value[name])) {
      throw violation(place.join("."), "the policy sets it.");
    }
    assertUnset(value[name], pinned, place);
  }
}

/** A model that is that of the handshake says nothing. Another one is refused like any unknown member. */
function withoutModel(event: JsonObject, model: string): JsonObject {
  const { session } = event;
  if (!isJsonObject(session) || session["model"] !== model) return event;
  const { model: _, ...others } = session;
  return withMember(event, ["session"], Object.assign(Object.create(null), others) as JsonObject);
}

function withoutEndlessCap(event: JsonObject, { form }: EventRules): JsonObject {
  const holder = CAPPED[String(event["type"])];
  if (holder === undefined) return event;
  const path = [holder, form.cap];
  return memberAt(event, path) === NO_CAP ? withMember(event, path, null) : event;
}

/** What a policy opens may have no bound: images, stored prompts, transcripts, tools that the provider runs. */
function assertBounded(used: ReadonlyMap<string, number>): void {
  const [unbounded] = [...used.keys()].filter((entry) => entry !== "tools");
  if (unbounded === undefined) return;
  throw violation(unbounded, "tokens or cost are counted here, and what it bills has no bound.");
}

/** A response that the provider makes by itself could not be reserved. */
function withoutOwnResponses(event: JsonObject, { turns }: RealtimeForm): JsonObject {
  const path = ["session", ...turns];
  const turnDetection = memberAt(event, path);
  if (!isJsonObject(turnDetection)) return event;
  const { idle_timeout_ms: _, ...others } = turnDetection;
  const kept = Object.assign(Object.create(null), others, { create_response: false });
  return withMember(event, path, kept as JsonObject);
}

function capped(event: JsonObject, type: string, rules: EventRules): JsonObject {
  const { form, maxOutputTokens: most, refusesExcess: refuses } = rules;
  const holder = CAPPED[type];
  if (holder === undefined) return event;
  const path = [holder, form.cap];
  if (most !== undefined) return withCaps(event, [path], { most, refuses });
  // It was `inf`, which is what an absent one means too.
  return memberAt(event, path) === null ? withMember(event, path, NO_CAP) : event;
}
