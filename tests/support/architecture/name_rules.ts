import { declaredNames } from "../source/names.ts";
import type { Finding, Project } from "./project.ts";

/**
 * Names that went away because they had to be explained, and what to write in their place. They are
 * looked for among functions, methods, classes, types and exported constants.
 */
export const OLD_NAMES: Readonly<Record<string, string>> = {
  Connections: "ConcurrencyLimits",
  createConnections: "createConcurrencyLimits",
  Connection: "ClientInfo",
  answer: "respond, or what else is done",
  AnswerOptions: "RespondOptions",
  Answers: "what the object is",
  answerSupervisor: "what is sent to the supervisor",
  answered: "what is returned",
  onLasting: "onLongRunning or suspendIdleTimeout",
  Upstream: "AuthorizedTarget",
  refuse: "throw…, or what becomes of a refusal",
  RefuseOptions: "the name of the function that takes them",
  deny: "throw…",
  orBroken: "the error that is thrown",
  orSay: "what is reported",
  say: "what is sent or written, and to whom",
  sayReloaded: "reportReloaded",
  takePlace: "what is counted or reserved",
  look: "what is checked",
  goOff: "fire…, with what is fired",
  gone: "the outcome that it tells",
  Place: "ConfigPath",
  formatPlace: "formatPath",
  Told: "what the object holds",
  tell: "what is sent or written, and to whom",
  tellBytes: "reportBytes",
  tellHeaders: "what is sent",
  tellWords: "what is sent",
  loosely: "how it is decoded",
  lost: "what failed",
  obey: "what is run",
  about: "what is described",
  ofTree: "what is summed up",
  missedBy: "what is compared",
};

/** Old names that a variable or a parameter does not have either. */
export const OLD_VARIABLES: Readonly<Record<string, string>> = {
  how: "options, or the noun",
  shown: "what is displayed",
  plain: "normalized…, or unencoded…",
  same: "isEqual…, or what is compared",
  told: "the noun",
  whose: "the owner",
  nameOf: "…Name, with the thing that is named",
};

/** Declarations with a name that went away. */
export function findOldNames({ sources }: Project): Finding[] {
  return sources.flatMap((source) =>
    declaredNames(source).flatMap(({ name, kind, line }) => {
      const instead = replacementOf(name, kind !== "variable");
      if (instead === undefined) return [];
      return [{ path: source.path, line, what: `the ${kind} ${name} has an old name: ${instead}` }];
    }),
  );
}

function replacementOf(name: string, isPublic: boolean): string | undefined {
  if (Object.hasOwn(OLD_VARIABLES, name)) return OLD_VARIABLES[name];
  return isPublic && Object.hasOwn(OLD_NAMES, name) ? OLD_NAMES[name] : undefined;
}
