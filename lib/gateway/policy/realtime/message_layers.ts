import {
  formatJsonLike,
  isJsonObject,
  type JsonSchema,
  type JsonValue,
} from "../../../signing/verify.ts";
import type { PolicyLayer } from "../../model/policy.ts";
import type { CheckedMessage, SocketGuard } from "../../model/socket_guard.ts";
import { PolicyError } from "../../problem/policy_error.ts";
import { Budget } from "../budget.ts";
import { violation } from "../guard/refuse.ts";
import { evaluateSchema } from "../schema/evaluate.ts";
import { type PreparedSchema, prepareSchema } from "../schema/prepare.ts";
import { readMessage } from "./read_message.ts";

type Types = ReadonlyMap<string, PreparedSchema>;

/** Checks the messages of a client against the `messages` of each layer, and then by another guard. */
export class MessageLayers implements SocketGuard {
  readonly first: readonly string[];
  readonly #layers: readonly { types: Types; takesBinary: boolean }[];
  readonly #next: SocketGuard | undefined;

  /**
   * @param layers in their order; those without `messages` have no effect
   * @param next the guard of the API. Absent: there is none
   */
  constructor(layers: readonly PolicyLayer[], next?: SocketGuard) {
    this.#layers = layers.flatMap(({ policy: { messages, binary = false } }) =>
      messages ? [{ types: prepared(messages), takesBinary: binary }] : [],
    );
    this.#next = next;
    this.first = next?.first ?? [];
  }

  check(message: string | Uint8Array): CheckedMessage {
    if (typeof message !== "string") {
      if (!this.#layers.every(({ takesBinary }) => takesBinary)) {
        throw violation("", "a binary message is not granted.");
      }
      return this.#next?.check(message) ?? { message };
    }
    const document = readMessage(message);
    const type = typeOf(document.value);
    const budget = new Budget();
    for (const { types } of this.#layers) {
      const schema = types.get(type);
      if (!schema) throw violation("type", "a message of this type is not granted.");
      const found = evaluateSchema(schema, document.value, budget);
      if (!found) continue;
      throw new PolicyError("policy_violation", {
        detail: `A message does not comply with the schema of a policy (${found.keyword}).`,
        reason: `schema: ${found.keyword}`,
      });
    }
    const text = formatJsonLike(document.value, document);
    return this.#next?.check(text) ?? { message: text };
  }

  read(message: string): ReturnType<SocketGuard["read"]> {
    return this.#next?.read(message);
  }

  show(message: string): string | undefined {
    return this.#next ? this.#next.show(message) : message;
  }

  explain(refusal: Parameters<SocketGuard["explain"]>[0]): string | undefined {
    return this.#next?.explain(refusal);
  }
}

function prepared(messages: Readonly<Record<string, JsonSchema>>): Types {
  return new Map(Object.entries(messages).map(([type, schema]) => [type, prepareSchema(schema)]));
}

/** The member `type` of a message, or its only name, as in messages of Gemini Live. */
function typeOf(value: JsonValue): string {
  if (!isJsonObject(value)) throw violation("", "a message must be an object.");
  const { type } = value;
  if (typeof type === "string") return type;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || type !== undefined) {
    throw violation("type", "a message must have a type, or one member alone.");
  }
  return name;
}
