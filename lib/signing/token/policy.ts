import type { JsonObject, JsonValue } from "../primitives/json_value.ts";
import type { JsonSchema } from "./json_schema.ts";

/**
 * An operation of JSON Patch (RFC 6902). Paths are JSON Pointers (RFC 6901). `remove` of a value that does not
 * exist does nothing.
 */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: JsonValue }
  | { readonly op: "remove"; readonly path: string };

/** The treatment of a request that asks for more output tokens than granted. */
export type OnExcess = "lower" | "refuse";

/** The rules for the body of a request of any JSON API. */
export interface BodyPolicy {
  /** The edits of the body, in this order. At most 64. */
  patch?: readonly PatchOperation[];
  /** The JSON Schema (2020-12, a part of its keywords) of the edited body. */
  schema?: JsonSchema;
}

/**
 * The keys of one layer, a token's `sw` or a named policy, about what a request may say. An absent member sets
 * no limit.
 */
export interface Policy {
  /** The models that may be called. A trailing `*` stands for letters, digits, `.`, `_` and `-`. */
  models?: readonly string[];
  /** The most output tokens; at least 1. */
  maxOutputTokens?: number;
  /** Whether a request for more output tokens is lowered or refused. Absent: lowered. */
  onExcess?: OnExcess;
  /** Parts of a request that are allowed, such as `tools:web_search`, and are otherwise refused. */
  allow?: readonly string[];
  /** The text of the system message. */
  system?: string;
  /** The tools of an MCP server that may be called. A trailing `*` stands for any characters. */
  tools?: readonly string[];
  /** Rules for the body of any JSON API. */
  body?: BodyPolicy;
  /** The text messages that the client of a WebSocket may send: by their types, a schema for each. */
  messages?: Readonly<Record<string, JsonSchema>>;
  /** Whether it may send binary messages beside them. Absent: no. */
  binary?: boolean;
  /** The members that are set in a session of OpenAI's realtime API. The client cannot change them. */
  session?: JsonObject;
}
