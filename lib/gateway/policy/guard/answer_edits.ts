import { isJsonObject, type JsonObject, type JsonValue } from "../../../signing/verify.ts";
import type { ResponseEdit } from "../../model/response_edit.ts";
import type { Operation } from "../../providers/operation.ts";
import { isModelGranted, type ModelLists, withoutPrefix } from "./check_models.ts";
import { withMember, withoutMember } from "./members.ts";

/** What decides how an answer is edited. */
export interface AnswerRules {
  models: ModelLists;
  system?: string | undefined;
  hasExtraUsage?: boolean;
}

/**
 * How the answer to an operation is edited.
 *
 * @param operation says what the answer has
 * @param models the lists that grant models
 * @param system the text of the system message, if the policy sets it
 * @param hasExtraUsage whether the answer has a usage that the client did not ask for
 * @returns `undefined` when it is not
 */
export function answerEdit(
  { answer, modelPrefix }: Operation,
  { models, system, hasExtraUsage = false }: AnswerRules,
): ResponseEdit | undefined {
  if (hasExtraUsage) return WITHOUT_EXTRA_USAGE;
  if (answer === "models" && models.length > 0) return grantedModels(models, modelPrefix);
  return answer === "instructions" && system !== undefined ? WITHOUT_INSTRUCTIONS : undefined;
}

// The API repeats the instructions in each answer, and in the first and last events of a stream.
const WITHOUT_INSTRUCTIONS: ResponseEdit = {
  marker: "instructions",
  edit: (document) => {
    if (!isJsonObject(document)) return document;
    const { response } = document;
    const own = withoutMember(document, "instructions");
    if (!isJsonObject(response)) return own;
    return withMember(own, ["response"], withoutMember(response, "instructions"));
  },
};

// The last event before the end of the stream. Others have choices, or no usage.
const WITHOUT_EXTRA_USAGE: ResponseEdit = {
  marker: '"prompt_tokens"',
  edit: (document) => {
    if (!isJsonObject(document)) return document;
    const { choices, usage } = document;
    const isExtra = Array.isArray(choices) && choices.length === 0 && isJsonObject(usage);
    return isExtra ? undefined : document;
  },
};

/** Only the granted models of a list. */
function grantedModels(models: ModelLists, prefix: string | undefined): ResponseEdit {
  const isGranted = (entry: JsonValue) => {
    if (!isJsonObject(entry)) return false;
    const names = [entry["id"], entry["name"]].filter((name) => typeof name === "string");
    return isModelGranted(withoutPrefix(names[0], prefix), models);
  };
  return {
    marker: "",
    edit: (document) => {
      if (Array.isArray(document)) return document.filter(isGranted);
      return isJsonObject(document) ? withLists(document, isGranted) : null;
    },
  };
}

function withLists(document: JsonObject, isGranted: (entry: JsonValue) => boolean): JsonObject {
  let edited = document;
  for (const name of Object.keys(document)) {
    const value = document[name];
    if (Array.isArray(value)) edited = withMember(edited, [name], value.filter(isGranted));
  }
  return withEnds(edited);
}

/** The ids of a page's ends are those of models that are left. */
function withEnds(page: JsonObject): JsonObject {
  const { data, has_more } = page;
  const models = Array.isArray(data) ? data : [];
  // Nothing else leads on from a page of which no model is left.
  const next = has_more === true ? page["last_id"] : null;
  const ends = { first_id: idOf(models[0]), last_id: idOf(models.at(-1)) ?? next };
  let edited = page;
  for (const [name, id = null] of Object.entries(ends)) {
    if (page[name] !== undefined) edited = withMember(edited, [name], id);
  }
  return edited;
}

function idOf(model: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(model) ? model["id"] : undefined;
}
