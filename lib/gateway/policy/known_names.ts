import {
  foldCase,
  formatPointer,
  isFolded,
  type JsonObject,
  type JsonPath,
} from "../../signing/verify.ts";
import { PolicyError } from "../problem/policy_error.ts";
import type { Budget } from "./budget.ts";
import { paramOf } from "./param.ts";

// What comparing a name costs, as parts of an evaluation.
const NAME = 1 / 64;
const FOLDING = 1 / 4;
const FOLDED_CHARACTER = 1 / 16;
const PLAIN_CHARACTER = 1 / 256;

/** Names in a policy. Go's parser, and others, take a name that differs by its case alone for the same. */
export class KnownNames {
  readonly #names: ReadonlySet<string>;
  readonly #folded: ReadonlySet<string>;
  /** Folding keeps the length. */
  readonly #lengths: ReadonlySet<number>;

  /** @param names as the API writes them */
  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#folded = new Set(names.map(foldCase));
    this.#lengths = new Set(names.map((name) => name.length));
  }

  /**
   * Refuses an object with a name that differs from a known one by its case alone.
   *
   * @param object a part of the body
   * @param path to the object
   * @param budget the work that is left
   * @throws PolicyError `policy_violation`
   */
  assertNoVariant(object: JsonObject, path: JsonPath, budget: Budget): void {
    const names = Object.keys(object);
    budget.spend(names.length * NAME);
    for (const name of names) {
      if (!this.#lengths.has(name.length) || this.#names.has(name)) continue;
      if (this.#folded.has(folded(name, budget))) throw nameVariant([...path, name]);
    }
  }
}

function folded(name: string, budget: Budget): string {
  budget.spend(name.length * PLAIN_CHARACTER);
  if (isFolded(name)) return name;
  budget.spend(FOLDING + name.length * FOLDED_CHARACTER);
  return foldCase(name);
}

function nameVariant(path: JsonPath): PolicyError {
  return new PolicyError("policy_violation", {
    param: paramOf(formatPointer(path)),
    detail: "A policy knows the name of this member in another case. Write it as the API does.",
    reason: "the case of a name",
  });
}
