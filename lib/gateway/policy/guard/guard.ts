import { isJsonObject, type JsonObject } from "../../../signing/verify.ts";
import type { Operation } from "../../providers/operation.ts";
import { operationAtHost } from "../../providers/openai/compatible_hosts.ts";
import { BETA_HEADERS } from "../../providers/operations.ts";
import { answerEdit } from "./answer_edits.ts";
import { assertOneModel, checkModels, modelsOf } from "./check_models.ts";
import { checkQuery } from "./check_query.ts";
import { editBody, type EditedBody, hasCap } from "./edit_body.ts";
import { findOperation } from "./find_operation.ts";
import { forwardedHeaders, type IsForwarded } from "./forwarded_headers.ts";
import { guardMcp } from "./guard_mcp.ts";
import type { Guarded, GuardInput, GuardRules } from "./guard_types.ts";
import { violation } from "./refuse.ts";
import { ShapeChecker } from "./shape_checker.ts";

export type { Guarded, GuardInput, GuardRules } from "./guard_types.ts";

/**
 * Guards a request to an API of models or an MCP server: it must be a known operation, and have only what is known to
 * be harmless, beside what the policies open.
 *
 * @param input the request
 * @param rules the rules of all policies
 * @returns what to forward
 * @throws PolicyError `operation_not_granted`, `model_not_granted`, `policy_violation`
 */
export function guard(input: GuardInput, rules: GuardRules): Guarded {
  if (input.provider === "mcp") return guardMcp(input, rules);
  const { provider, method, url, rulePath } = input;
  const found = findOperation({ provider, method, path: url.pathname, rulePath });
  const operation = operationAtHost(found.operation, url.hostname);
  checkQuery(url.search, operation, rules.allow);
  const body = bodyOf(input, operation);
  const named = { inPath: found.model, body };
  checkModels(operation, named, rules.models);
  assertOneModel(operation, named);
  const checked = body && operation.body ? guardBody(body, operation, rules) : NO_BODY;
  const { edited, used } = checked;
  const response = answerEdit(operation, { ...rules, hasExtraUsage: edited.hasExtraUsage });
  const isAnswerRead =
    response !== undefined || (operation.usage !== undefined && rules.readsUsage === true);
  const isForwardedHeader = forwardedHeaders(rules.allow, { isAnswerRead, isMcp: false });
  return {
    body: edited.body,
    edits: edited.edits,
    isForwardedHeader,
    response,
    call: {
      operation,
      ...modelsOf(operation, named),
      used,
      asksForCap: body !== undefined && hasCap(body, operation.caps),
      usesBeta: used.has("beta") || asksForBeta(input, isForwardedHeader),
    },
  };
}

/** Whether the query or a header that goes up turns on beta features. */
function asksForBeta({ url, headers }: GuardInput, isForwarded: IsForwarded): boolean {
  const opened = [...BETA_HEADERS].filter(isForwarded);
  // The entry that opens the parameter opens the headers, too.
  if (opened.length === 0) return false;
  return url.searchParams.has("beta") || opened.some((name) => headers.has(name));
}

interface CheckedBody {
  edited: Omit<EditedBody, "body"> & Partial<Pick<EditedBody, "body">>;
  used: ReadonlyMap<string, number>;
}

const NO_BODY: CheckedBody = { edited: { edits: [], hasExtraUsage: false }, used: new Map() };

function guardBody(body: JsonObject, operation: Operation, rules: GuardRules): CheckedBody {
  const checker = new ShapeChecker(rules);
  if (operation.body) checker.check(body, operation.body);
  return { edited: editBody(body, operation, rules), used: checker.used };
}

function bodyOf({ body }: GuardInput, operation: Operation): JsonObject | undefined {
  if (!operation.body) {
    if (body !== undefined) throw violation("", "the operation has no body.");
    return undefined;
  }
  if (!isJsonObject(body)) throw violation("", "it must be an object.");
  return body;
}
