import {
  formatPointer,
  type JsonSchema,
  JsonSchemaError,
  type JsonValue,
  TokenError,
} from "../../signing/verify.ts";
import type { BodyPolicy, PolicyLayer } from "../model/policy.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { PolicyError } from "../problem/policy_error.ts";
import { applyPatch } from "./apply_patch.ts";
import { Budget } from "./budget.ts";
import { paramOf } from "./param.ts";
import { assertNotInQuery } from "./query_names.ts";
import { evaluateSchema } from "./schema/evaluate.ts";
import { type PreparedSchema, prepareSchema } from "./schema/prepare.ts";
import type { Violation } from "./schema/run.ts";

/**
 * Applies the patch and then the schema of each layer.
 *
 * @param body of the request; it stays as it is. `undefined` when there is none
 * @param layers in their order
 * @param query that the client chose, without its `?`. Empty: there is none, or a signature covers it
 * @returns the edited body
 * @throws PolicyError `policy_violation`; TokenError `token_malformed`
 */
export type ApplyLayers = (
  body: JsonValue | undefined,
  layers: readonly PolicyLayer[],
  query: string,
) => JsonValue | undefined;

/** Creates the function that applies layers. It prepares each schema of an operator's policy once. */
export function createLayers(): ApplyLayers {
  const prepared = new WeakMap<BodyPolicy, PreparedSchema>();

  function schemaOf(body: BodyPolicy, schema: JsonSchema, layer: PolicyLayer): PreparedSchema {
    // That of a token goes with its request: prepared, it may take a megabyte.
    if (layer.name === undefined) return prepareFor(schema, layer);
    const known = prepared.get(body) ?? prepareFor(schema, layer);
    prepared.set(body, known);
    return known;
  }

  return (body, layers, query) => {
    const budget = new Budget();
    let value = body;
    for (const layer of layers) {
      const { body: rules } = layer.policy;
      if (!rules) continue;
      if (value === undefined) {
        assertMayLackBody(layer);
        continue;
      }
      const { patch, schema } = rules;
      const known = schema === undefined ? undefined : schemaOf(rules, schema, layer);
      if (query !== "") assertNotInQuery(query, rules, known?.topNames ?? []);
      if (patch) value = applyPatch(value, patch, budget);
      const violation = known && evaluateSchema(known, value, budget);
      if (violation) throw violationError(violation, layer);
    }
    return value;
  };
}

function prepareFor(schema: JsonSchema, { name }: PolicyLayer): PreparedSchema {
  try {
    return prepareSchema(schema);
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    // The configuration is checked at the start; a program that embeds the gateway may not have done so.
    if (name !== undefined)
      throw new GatewayError("internal_error", `schema of the policy ${name}`);
    const details = { claim: "sw.body.schema", reason: error.message };
    throw new TokenError("token_malformed", details);
  }
}

function assertMayLackBody({ mayLackBody, name }: PolicyLayer): void {
  if (mayLackBody) return;
  throw new PolicyError("policy_violation", {
    detail: "The request has no body, and a policy has rules for it. Send one.",
    reason: `no body${sourceOf(name)}`,
  });
}

function violationError({ path, keyword }: Violation, { name }: PolicyLayer): PolicyError {
  const owner = name === undefined ? "the token" : "a policy";
  return new PolicyError("policy_violation", {
    param: paramOf(formatPointer(path)),
    detail: `The body does not comply with the schema of ${owner} (${keyword}).`,
    reason: `schema: ${keyword}${sourceOf(name)}`,
  });
}

function sourceOf(name: string | undefined): string {
  return name === undefined ? "" : ` of the policy ${name}`;
}
