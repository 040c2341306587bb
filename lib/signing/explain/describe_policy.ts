import { isJsonObject } from "../primitives/json_value.ts";
import type { JsonSchema } from "../token/json_schema.ts";
import type { BodyPolicy, Policy } from "../token/policy.ts";
import { describeAllowEntry } from "./allow_entries.ts";
import { allOf, anyOf } from "./words.ts";

/** How a policy is described. */
export interface PolicyWords {
  /** Whether the length of the system message is told. The message itself never is. */
  tellsLength: boolean;
}

/**
 * Describes what a request under a policy may say.
 *
 * @param policy of a token or of the operator
 * @param words what is told of it
 * @returns sentences; they contain no text of the system message, and no value of a patch or a schema
 */
export function describePolicy(policy: Policy, { tellsLength }: PolicyWords): string[] {
  const { models, allow = [], system, tools, body } = policy;
  return [
    ...(models ? [describeModels(models)] : []),
    ...describeCap(policy),
    ...(isGuarding(policy) ? [GUARDED] : []),
    ...allow.map(describeEntry),
    ...(system === undefined ? [] : [describeSystem(system, tellsLength)]),
    ...(tools ? [describeTools(tools)] : []),
    ...(body ? describeBody(body) : []),
    ...describeMessages(policy),
  ];
}

const GUARDED =
  "A request must be a known operation of the API, and may have only what is known to be harmless.";

/** Any other key than these makes a policy one of the APIs of models and MCP servers. */
function isGuarding(policy: Policy): boolean {
  const { body: _, onExcess: __, messages: ___, binary: ____, ...shorthands } = policy;
  return Object.values(shorthands).some((value) => value !== undefined);
}

function describeMessages({ messages, binary, session }: Policy): string[] {
  const types = messages && anyOf(Object.keys(messages));
  return [
    ...(types ? [`Over a WebSocket the client may only send messages of the type ${types}.`] : []),
    ...(messages && binary ? ["It may send binary messages, too."] : []),
    ...(session ? [`A realtime session has its ${allOf(Object.keys(session))} set.`] : []),
  ];
}

function describeModels(models: readonly string[]): string {
  const pattern = hasPattern(models) ? "; * stands for letters, digits, ., _ and -" : "";
  return `Only the model ${anyOf(models)} may be called${pattern}.`;
}

function describeTools(tools: readonly string[]): string {
  const pattern = hasPattern(tools) ? "; * stands for any characters" : "";
  return `Of an MCP server only the tool ${anyOf(tools)} may be called${pattern}.`;
}

function hasPattern(names: readonly string[]): boolean {
  return names.some((name) => name.endsWith("*"));
}

function describeCap({ maxOutputTokens: most, onExcess }: Policy): string[] {
  const refused = "A request for more output tokens is refused.";
  if (most === undefined) return onExcess === "refuse" ? [refused] : [];
  const limit = `A request may have ${most} output token${most === 1 ? "" : "s"} at most.`;
  const lowered = "A request for more is lowered to them.";
  return [`${limit} ${onExcess === "refuse" ? "A request for more is refused." : lowered}`];
}

function describeEntry(entry: string): string {
  const opened = describeAllowEntry(entry);
  if (opened === undefined) return `The entry ${entry} of allow opens nothing that is known.`;
  return `It opens ${entry}: ${opened}.`;
}

function describeSystem(system: string, tellsLength: boolean): string {
  const length = tellsLength ? ` to a text of ${[...system].length} characters` : "";
  return `The system message is set${length}. A request with its own is refused.`;
}

function describeBody({ patch, schema }: BodyPolicy): string[] {
  const operations = patch?.length === 1 ? "1 operation" : `${patch?.length} operations`;
  return [
    ...(patch ? [`The body is edited by ${operations} of a JSON Patch.`] : []),
    ...(schema === undefined ? [] : [describeSchema(schema)]),
  ];
}

function describeSchema(schema: JsonSchema): string {
  const required = isJsonObject(schema) ? schema["required"] : undefined;
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  const members = names.length > 0 ? allOf(names) : "no member";
  return `The body must comply with a JSON Schema, which requires ${members} at the top level.`;
}
