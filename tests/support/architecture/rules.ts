import {
  findCycles,
  findHomeless,
  findIntruders,
  findWrongArrows,
  findWrongPackages,
} from "./import_rules.ts";
import { findOldNames } from "./name_rules.ts";
import type { Finding, Project } from "./project.ts";
import { findBun, findRuntimeGlobals } from "./runtime_rules.ts";
import {
  findLongFiles,
  findLongFunctions,
  findManyParameters,
  findOddFileNames,
} from "./size_rules.ts";
import { findModuleState } from "./state_rules.ts";

/** A rule of the design. */
export interface Rule {
  /** What holds, as a sentence. */
  title: string;
  /** What to do when it does not. */
  remedy: string;
  find: (project: Project) => Finding[];
}

/** Every rule, in the order of a report. */
export const RULES: readonly Rule[] = [
  {
    title: "every file is in a room",
    remedy: "move it to a room of tests/support/architecture/rooms.ts, or give it a row there",
    find: findHomeless,
  },
  {
    title: "imports follow the arrows between rooms",
    remedy: "pass it as a parameter, or move what both need to a room below both",
    find: findWrongArrows,
  },
  {
    title: "delivery is imported by the handler, and the handler by createGateway",
    remedy: "pass it as a parameter, or move the type to a room that both may import",
    find: findIntruders,
  },
  {
    title: "signing and pages import no package, and the gateway few",
    remedy: "pass it as a parameter, or add the package to PACKAGES with a ruling",
    find: findWrongPackages,
  },
  {
    title: "no import leads back to itself, types included",
    remedy: "move what both need to a file of its own",
    find: findCycles,
  },
  {
    title: "signing, gateway and pages name no global of a runtime",
    remedy: "use a Web API, or pass it as a parameter",
    find: findRuntimeGlobals,
  },
  {
    title: "Bun is named nowhere in lib but in lib/runtime",
    remedy: "move it to lib/runtime",
    find: findBun,
  },
  {
    title: "a file has 250 lines at most",
    remedy: "split it: a file is one concept",
    find: findLongFiles,
  },
  {
    title: "a file of code is named in snake_case",
    remedy: "rename it",
    find: findOddFileNames,
  },
  {
    title: "a function has 45 lines at most",
    remedy: "give its steps functions of their own",
    find: findLongFunctions,
  },
  {
    title: "a function has four parameters at most",
    remedy: "make what belongs together one object",
    find: findManyParameters,
  },
  {
    title: "a module keeps no state that changes",
    remedy: "create it where it is used, or give its reason in ALLOWED_STATE",
    find: findModuleState,
  },
  {
    title: "a name needs no explanation",
    remedy: "rename it",
    find: findOldNames,
  },
];

/** A finding as one line, with what to do. */
export function describeFinding({ path, line, what }: Finding, { remedy }: Rule): string {
  return `${line === undefined ? path : `${path}:${line}`} ${what}. To do: ${remedy}.`;
}
