import { unreadableFile } from "../../../config/unreadable_file.ts";
import { prepareSchema } from "../../../gateway/policy/schema/prepare.ts";
import { JsonError } from "../../../signing/primitives/json_error.ts";
import { parseStrictJson } from "../../../signing/primitives/strict_json.ts";
import { JsonSchemaError } from "../../../signing/token/json_schema.ts";
import type { OnAbort } from "../../../signing/token/counters.ts";
import { parsePermits } from "../../../signing/token/permits.ts";
import type { Policy } from "../../../signing/token/policy.ts";
import { TokenError } from "../../../signing/token/token_error.ts";
import type { ReadText } from "../../../config/read_text.ts";
import { formatTarget } from "./format_target.ts";

/** The limits of a token, in the form of `signToken`. An absent limit does not apply. */
export interface TokenLimits extends Policy {
  to?: readonly string[];
  origins?: readonly string[];
  ips?: readonly string[];
  seconds?: number;
  /** The limits that count, in the form of the claim `sw`. */
  uses?: number;
  rate?: string;
  concurrent?: number;
  bytes?: number;
  tokens?: number;
  cost?: number;
  onAbort?: OnAbort;
  /** The names of the operator's policies that apply as well. */
  policy?: readonly string[];
}

/**
 * Reads limits from a file that has the value of the claim `sw`.
 *
 * @param path of the file
 * @param read how it is read
 * @param mistakes gets the first mistake, without a value
 * @returns the limits; none when there is a mistake
 */
export function limitsOfFile(path: string, read: ReadText, mistakes: string[]): TokenLimits {
  const text = read(path);
  if (text === undefined) {
    mistakes.push(`--claims: ${unreadableFile(path)}`);
    return {};
  }
  try {
    return parseLimits(text);
  } catch (error) {
    mistakes.push(`--claims: ${path}: ${mistakeOf(error)}`);
    return {};
  }
}

function parseLimits(text: string): TokenLimits {
  const value = parseStrictJson(text);
  const { to, policy } = parsePermits(value) ?? {};
  const schema = policy?.body?.schema;
  // The gateway refuses a pattern only when a request comes.
  if (schema !== undefined) prepareSchema(schema);
  Object.values(policy?.messages ?? {}).forEach(prepareSchema);
  const {
    max_output_tokens: maxOutputTokens,
    on_excess: onExcess,
    on_abort: onAbort,
    cost,
    ...others
  } = Object(value);
  return {
    ...others,
    ...(to && { to: to.map(formatTarget) }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(onExcess !== undefined && { onExcess }),
    ...(onAbort !== undefined && { onAbort }),
    // `1.50` is a JsonNumber.
    ...(cost !== undefined && { cost: Number(cost) }),
  };
}

function mistakeOf(error: unknown): string {
  if (error instanceof JsonError) return error.message;
  if (error instanceof JsonSchemaError) return `sw.body.schema ${error.message}`;
  if (!(error instanceof TokenError)) throw error;
  const { claim = "", reason = "" } = error.details;
  return `${claim} ${reason}`;
}
