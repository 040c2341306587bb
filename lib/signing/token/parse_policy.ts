import { isJsonObject, type JsonObject, type JsonValue } from "../primitives/json_value.ts";
import { ALLOW_ENTRY, NAME_PATTERN } from "./forms.ts";
import { JsonSchemaError, type JsonSchema, subschemasOf } from "./json_schema.ts";
import { parsePatch } from "./parse_patch.ts";
import { entriesLike, parsePermitList } from "./permit_list.ts";
import type { BodyPolicy, OnExcess, Policy } from "./policy.ts";
import { malformed } from "./token_error.ts";

/** The keys of the claim `sw` about what a request may say. */
export const POLICY_KEYS = [
  ...["models", "max_output_tokens", "on_excess", "allow", "system", "tools", "body"],
  ...["messages", "binary", "session"],
] as const;

const MODELS = entriesLike(NAME_PATTERN, "no name of a model, alone or with * behind it");
const TOOLS = entriesLike(NAME_PATTERN, "no name of a tool, alone or with * behind it");
const ALLOWED = entriesLike(ALLOW_ENTRY, "no name such as tools or tools:web_search");

/**
 * Parses the keys of the claim `sw`, or of a named policy, about what a request may say.
 *
 * @param sw the whole object; its other keys are ignored
 * @returns `undefined` when it has none of the keys
 * @throws TokenError `token_malformed` for a wrong type or form, or an empty list
 */
export function parsePolicy(sw: JsonObject): Policy | undefined {
  if (!POLICY_KEYS.some((key) => sw[key] !== undefined)) return undefined;
  const { models, max_output_tokens: most, on_excess: onExcess, allow, system, tools, body } = sw;
  const policy: Policy = {};
  if (models !== undefined) policy.models = parsePermitList("models", models, MODELS);
  if (most !== undefined) policy.maxOutputTokens = parseTokens(most);
  if (onExcess !== undefined) policy.onExcess = parseOnExcess(onExcess);
  if (allow !== undefined) policy.allow = parsePermitList("allow", allow, ALLOWED);
  if (system !== undefined) policy.system = parseSystem(system);
  if (tools !== undefined) policy.tools = parsePermitList("tools", tools, TOOLS);
  if (body !== undefined) policy.body = parseBody(body);
  const { messages, binary, session } = sw;
  if (messages !== undefined) policy.messages = parseMessages(messages);
  if (binary !== undefined) policy.binary = parseBinary(binary);
  if (session !== undefined) policy.session = parseSession(session);
  return policy;
}

function parseTokens(value: JsonValue): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw malformed("sw.max_output_tokens", "is not a whole number from 1 on");
}

function parseOnExcess(value: JsonValue): OnExcess {
  if (value === "lower" || value === "refuse") return value;
  throw malformed("sw.on_excess", "is not lower or refuse");
}

function parseSystem(value: JsonValue): string {
  if (typeof value === "string" && /\S/.test(value)) return value;
  throw malformed("sw.system", "is not a text, or blank");
}

function parseBody(value: JsonValue): BodyPolicy {
  if (!isJsonObject(value)) throw malformed("sw.body", "is not an object");
  const { patch, schema, ...others } = value;
  if (Object.keys(others).length > 0) {
    throw malformed("sw.body", "has another key than patch and schema");
  }
  if (patch === undefined && schema === undefined) {
    throw malformed("sw.body", "has neither patch nor schema");
  }
  const body: BodyPolicy = {};
  if (patch !== undefined) body.patch = parsePatch(patch);
  if (schema !== undefined) body.schema = parseSchema(schema, "sw.body.schema");
  return body;
}

function parseMessages(value: JsonValue): Readonly<Record<string, JsonSchema>> {
  if (!isJsonObject(value) || Object.keys(value).length === 0) {
    throw malformed("sw.messages", "is no object with types of messages");
  }
  for (const type in value) parseSchema(value[type]!, "sw.messages");
  return value as Record<string, JsonSchema>;
}

function parseBinary(value: JsonValue): boolean {
  if (typeof value === "boolean") return value;
  throw malformed("sw.binary", "is not true or false");
}

function parseSession(value: JsonValue): JsonObject {
  if (isJsonObject(value) && Object.keys(value).length > 0) return value;
  throw malformed("sw.session", "is no object with members of a session");
}

function parseSchema(value: JsonValue, claim: string): JsonSchema {
  try {
    subschemasOf(value);
    return value as JsonSchema;
  } catch (error) {
    if (error instanceof JsonSchemaError) throw malformed(claim, error.message);
    throw error;
  }
}
