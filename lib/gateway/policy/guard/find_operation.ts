import { PolicyError } from "../../problem/policy_error.ts";
import type { Operation } from "../../providers/operation.ts";
import { OPERATIONS, VERSIONS } from "../../providers/operations.ts";
import type { ProviderName } from "../../providers/provider.ts";

/** The request line, as far as it decides about the operation. */
export interface RequestedOperation {
  provider: ProviderName | undefined;
  method: string;
  /** The path as it is sent. */
  path: string;
  /** The path of the rule's `url`. */
  rulePath: string;
}

/** An operation, and the model in its path, if there is one. */
export interface FoundOperation {
  operation: Operation;
  model?: string;
}

const MODEL = "{model}";
const PLAIN_MODEL = /^[\w.-]+$/;

const CHECK_LINE = "Check the method and the path.";
const SET_PROVIDER = "Its operator can set provider in the rule for the API.";

/**
 * Finds the operation of a request that has to be one.
 *
 * @throws PolicyError `operation_not_granted`
 */
export function findOperation(requested: RequestedOperation): FoundOperation {
  const { provider } = requested;
  if (provider === undefined || provider === "mcp") {
    throw notGranted("The gateway does not know the provider of the API.", SET_PROVIDER);
  }
  const found = operationOf(requested);
  if (!found) throw notGranted("It is none of the operations that are known.");
  return found;
}

/**
 * Finds the operation of a request. Paths are compared as they are sent, so an escape, another case or a doubled or
 * last `/` leads to no operation.
 *
 * @returns `undefined` when it is none that is known
 */
export function operationOf(requested: RequestedOperation): FoundOperation | undefined {
  const { provider, method, path, rulePath } = requested;
  if (provider === undefined || provider === "mcp") return undefined;
  const base = rulePath.endsWith("/") ? rulePath.slice(0, -1) : rulePath;
  if (!path.startsWith(base)) return undefined;
  for (const start of [base, ...withoutOpenai(provider, base)]) {
    for (const version of VERSIONS) {
      if (!path.startsWith(version, start.length)) continue;
      const rest = path.slice(start.length + version.length);
      const found = findIn(OPERATIONS[provider], method, rest);
      if (found) return found;
    }
  }
  return undefined;
}

/** The paths of Azure begin with `/openai`, and so may that of its rule. */
function withoutOpenai(provider: ProviderName, base: string): string[] {
  return provider === "azure" && base.endsWith("/openai") ? [base.slice(0, -"/openai".length)] : [];
}

function findIn(
  operations: readonly Operation[],
  method: string,
  path: string,
): FoundOperation | undefined {
  for (const operation of operations) {
    if (operation.method !== method) continue;
    if (operation.path === path) return { operation };
    const model = modelIn(path, operation);
    if (model !== undefined) return { operation, model };
  }
  return undefined;
}

/** The model in a path, if the path has the form of an operation's. */
function modelIn(path: string, { path: form, modelForm }: Operation): string | undefined {
  const start = form.indexOf(MODEL);
  if (start < 0 || !path.startsWith(form.slice(0, start))) return undefined;
  const end = form.slice(start + MODEL.length);
  const model = path.slice(start, path.length - end.length);
  if (!path.endsWith(end) || !(modelForm ?? PLAIN_MODEL).test(model)) return undefined;
  return modelForm ? model.replace(/%3a/i, ":") : model;
}

/**
 * The error for a request that is no operation which a policy grants.
 *
 * @param rule why it is none, as a sentence
 * @param advice how to correct it, as a sentence. Default: to check the method and the path
 */
export function notGranted(rule: string, advice: string = CHECK_LINE): PolicyError {
  return new PolicyError("operation_not_granted", {
    detail: `A policy grants this request only as an operation of the API. ${rule} ${advice}`,
    reason: rule,
  });
}
