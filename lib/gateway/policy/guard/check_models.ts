import { isJsonObject, type JsonObject, type JsonValue } from "../../../signing/verify.ts";
import { PolicyError } from "../../problem/policy_error.ts";
import type { Operation } from "../../providers/operation.ts";
import { memberAt } from "./members.ts";
import { isPlain, placeOf, violation } from "./refuse.ts";

/** Where a request names models: its path, and its body. */
export interface NamedModels {
  inPath: string | undefined;
  body: JsonObject | undefined;
}

/** Names of models, of which a last `*` stands for letters and digits of ASCII, `.`, `_` and `-`. */
export type ModelLists = readonly (readonly string[])[];

/**
 * Checks every name of a model in a request, in the path and in the body.
 *
 * @param operation says where the body names models
 * @param named the name in the path, if there is one, and the body
 * @param lists each of which must grant it
 * @throws PolicyError `model_not_granted`
 */
export function checkModels(operation: Operation, named: NamedModels, lists: ModelLists): void {
  if (lists.length === 0) return;
  const { inPath, body } = named;
  if (inPath !== undefined) assertGranted(inPath, lists);
  if (!body) return;
  for (const inBody of namesIn(body, operation)) {
    if (inBody === undefined && inPath !== undefined) continue;
    assertGranted(withoutPrefix(inBody, operation.modelPrefix), lists);
  }
}

/**
 * Checks that each element of a list asks the model in the path. Google requires it, and the request has the price and the limits
 * of that model.
 *
 * @param operation says where the body has such a list
 * @param named the name in the path, if there is one, and the body
 * @throws PolicyError `policy_violation`
 */
export function assertOneModel(operation: Operation, { inPath, body }: NamedModels): void {
  const { modelsIn, modelPrefix } = operation;
  if (!modelsIn || !body || inPath === undefined) return;
  for (const [index, name] of namesIn(body, operation).entries()) {
    if (withoutPrefix(name ?? inPath, modelPrefix) === inPath) continue;
    const place = placeOf([modelsIn.list, index, modelsIn.member]);
    throw violation(place, "it must be the model of the path.");
  }
}

/** The names of models in a body; `undefined` in each place that has none. */
function namesIn(body: JsonObject, { modelIn, modelsIn }: Operation): (JsonValue | undefined)[] {
  if (modelIn) return [memberAt(body, modelIn)];
  const elements = modelsIn && body[modelsIn.list];
  if (!Array.isArray(elements)) return [];
  return elements.map((it) => (isJsonObject(it) ? it[modelsIn!.member] : undefined));
}

/**
 * The models that a request names. An API should read the one in the path, if there is one, but not every server does.
 *
 * @returns the model, and another one that the body names beside the path
 */
export function modelsOf(
  { modelIn, modelPrefix }: Operation,
  { inPath, body }: NamedModels,
): { model?: string; otherModel?: string } {
  const named = modelIn && body ? withoutPrefix(memberAt(body, modelIn), modelPrefix) : undefined;
  const inBody = typeof named === "string" ? named : undefined;
  const model = inPath ?? inBody;
  if (model === undefined) return {};
  return inBody === undefined || inBody === model ? { model } : { model, otherModel: inBody };
}

function assertGranted(model: JsonValue | undefined, lists: ModelLists): void {
  const refusing = lists.find((list) => !isGrantedBy(model, list));
  if (!refusing) return;
  const name = typeof model === "string" && isPlain(model) ? `The model ${model}` : "This model";
  const granted = refusing.length > 0 ? refusing.join(", ") : "none";
  throw new PolicyError("model_not_granted", {
    param: "model",
    detail: `${name} is not granted. Granted: ${granted}.`,
  });
}

/** Whether all lists grant a model. */
export function isModelGranted(model: JsonValue | undefined, lists: ModelLists): boolean {
  return lists.every((list) => isGrantedBy(model, list));
}

function isGrantedBy(model: JsonValue | undefined, list: readonly string[]): boolean {
  return typeof model === "string" && list.some((granted) => matches(model, granted));
}

function matches(model: string, granted: string): boolean {
  if (!granted.endsWith("*")) return model === granted;
  const start = granted.slice(0, -1);
  // As in a path: what another character means to an API, nobody knows.
  return model.startsWith(start) && /^[A-Za-z0-9._-]*$/.test(model.slice(start.length));
}

/** A name without what may stand before it, such as `models/`. */
export function withoutPrefix(
  model: JsonValue | undefined,
  prefix: string | undefined,
): JsonValue | undefined {
  if (prefix === undefined || typeof model !== "string" || !model.startsWith(prefix)) return model;
  return model.slice(prefix.length);
}
