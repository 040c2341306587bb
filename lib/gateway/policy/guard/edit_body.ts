import type { JsonObject, JsonValue } from "../../../signing/verify.ts";
import type { MemberPath, Operation, SystemPlace } from "../../providers/operation.ts";
import type { Counts } from "../../model/counts.ts";
import { memberAt, withMember } from "./members.ts";
import { violation } from "./refuse.ts";

/** The rules for the edits of a body. */
export interface EditRules {
  maxOutputTokens?: number | undefined;
  /** Whether a request for more output tokens is refused, and not lowered. */
  refusesExcess: boolean;
  allow: ReadonlySet<string>;
  system?: string | undefined;
  /** What limits count. Absent: nothing. */
  counts?: Counts | undefined;
}

/** A body after its edits. */
export interface EditedBody {
  body: JsonObject;
  /** The edits, as the client is told: `max_output_tokens=800`. They contain no text of a policy. */
  edits: readonly string[];
  /** Whether the answer has a usage that the client did not ask for. */
  hasExtraUsage: boolean;
}

/**
 * Edits a body that was checked: the cap of output tokens, what the API would keep, the system message.
 *
 * @throws PolicyError `policy_violation` for more output tokens than granted, if they are not lowered
 */
export function editBody(body: JsonObject, operation: Operation, rules: EditRules): EditedBody {
  const { caps, keptUnless, needsFirstCap: needsFirst } = operation;
  const edits: string[] = [];
  let edited = body;
  const most = rules.maxOutputTokens;
  if (most !== undefined && caps) {
    edited = withCaps(body, caps, { most, refuses: rules.refusesExcess, needsFirst });
    const inForce = needsFirst && caps[0] ? memberAt(edited, caps[0]) : most;
    if (edited !== body) edits.push(`max_output_tokens=${inForce}`);
  }
  if (keptUnless !== undefined && !rules.allow.has("store") && edited[keptUnless] !== false) {
    edited = withMember(edited, [keptUnless], false);
    edits.push(`${keptUnless}=false`);
  }
  if (rules.system !== undefined && operation.system) {
    edited = withSystem(edited, operation.system, rules.system);
    edits.push("system");
  }
  const counted = editForCounts(edited, operation, rules.counts);
  return { ...counted, edits: [...edits, ...counted.edits] };
}

/** What counters need: the usual price, and a usage in the stream. */
function editForCounts(
  body: JsonObject,
  { tiers = [], usageAsked }: Operation,
  counts: Counts | undefined,
): EditedBody {
  const edits: string[] = [];
  let edited = body;
  for (const { path, standard, isImplied } of counts?.cost ? tiers : []) {
    const current = memberAt(body, path) ?? null;
    if (current === standard || (current === null && isImplied)) continue;
    edited = withMember(edited, path, standard);
    edits.push(`${path.join(".")}=${standard}`);
  }
  const isStream = usageAsked !== undefined && body[usageAsked.stream] === true;
  const hasExtraUsage = counts !== undefined && isStream && memberAt(body, usageAsked.ask) !== true;
  if (hasExtraUsage) {
    edited = withMember(edited, usageAsked.ask, true);
    edits.push(`${usageAsked.ask.join(".")}=true`);
  }
  return { body: edited, edits, hasExtraUsage };
}

/** Whether a body has an output cap of its own. */
export function hasCap(body: JsonObject, caps: readonly MemberPath[] = []): boolean {
  return caps.some((path) => (memberAt(body, path) ?? null) !== null);
}

/** The rules for caps. `needsFirst`: whether the first one has to be there, and not just any. */
interface CapRules {
  most: number;
  refuses: boolean;
  needsFirst?: boolean | undefined;
}

/** The body with every cap lowered, and with one if it has none. It is the same object if nothing changes. */
export function withCaps(
  body: JsonObject,
  caps: readonly MemberPath[],
  { most, refuses, needsFirst = false }: CapRules,
): JsonObject {
  let edited = body;
  let hasCap = false;
  for (const path of caps) {
    const cap = memberAt(body, path) ?? null;
    if (cap === null) continue;
    if (path === caps[0] || !needsFirst) hasCap = true;
    // The shape of the body has it as an integer.
    if (typeof cap === "number" && cap <= most) continue;
    if (refuses) throw violation(path.join("."), `it must be ${most} at most.`);
    edited = withMember(edited, path, most);
  }
  const [first] = caps;
  return hasCap || !first ? edited : withMember(edited, first, lowest(edited, caps, most));
}

/** The lowest cap of a body, and no more than another number. */
function lowest(body: JsonObject, caps: readonly MemberPath[], most: number): number {
  const numbers = caps.map((path) => memberAt(body, path)).filter((it) => typeof it === "number");
  return Math.min(most, ...numbers);
}

function withSystem(body: JsonObject, { form, member }: SystemPlace, text: string): JsonObject {
  switch (form) {
    case "text":
      return withMember(body, [member], text);
    case "content":
      return withMember(body, [member], object({ parts: [object({ text })] }));
    case "blocks":
      return withMember(body, [member], [object({ text })]);
    case "message": {
      const messages = body[member];
      const first = object({ role: "system", content: text });
      return withMember(body, [member], [first, ...(Array.isArray(messages) ? messages : [])]);
    }
  }
}

function object(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.assign(Object.create(null), members) as JsonObject;
}
