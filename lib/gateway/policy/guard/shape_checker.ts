import {
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from "../../../signing/verify.ts";
import { MAX_COUNT, SCALAR, type Shape, type Variants } from "../../providers/shape.ts";
import { isAnotherSpelling, withoutDate } from "./names.ts";
import { openedPlaceOf, placeOf, type Step, violation } from "./refuse.ts";

/** What a policy opens, and whether it sets the system message. */
export interface Opened {
  allow: ReadonlySet<string>;
  system?: string | undefined;
}

const UNKNOWN = "it is not known to be harmless.";

/** Checks that a body has only what is known to be harmless, and what a policy opens. */
export class ShapeChecker {
  readonly #opened: Opened;
  /** The names and indices that lead to the value that is being checked. */
  readonly #path: Step[] = [];
  readonly #used = new Map<string, number>();

  /** @param opened what the policy opens */
  constructor(opened: Opened) {
    this.#opened = opened;
  }

  /** The entries of `allow` that the checked values needed, and how many of them did. */
  get used(): ReadonlyMap<string, number> {
    return this.#used;
  }

  /**
   * Checks a value and everything in it.
   *
   * @param value a body, or the value of a member
   * @param shape what it may be
   * @throws PolicyError `policy_violation`
   */
  check(value: JsonValue, shape: Shape): void {
    if (value === null) return;
    const { needs } = shape;
    if (needs !== undefined && !this.#isOpened(needs)) {
      throw this.#error("the policy does not grant it.", needs);
    }
    if (shape.isSystemText && this.#opened.system !== undefined) {
      throw this.#error("the policy sets the system message, so the request must have none.");
    }
    if (shape.isAnything) return;
    if (Array.isArray(value)) this.#checkList(value, shape);
    else if (isJsonObject(value)) this.#checkObject(value, shape);
    else this.#checkScalar(value, shape);
  }

  #checkList(values: JsonValue[], { list }: Shape): void {
    if (!list) throw this.#error("a list is not known to be harmless.");
    for (let index = 0; index < values.length; index++) {
      this.#path.push(index);
      this.check(values[index]!, list);
      this.#path.pop();
    }
  }

  #checkObject(value: JsonObject, shape: Shape): void {
    const { variants, members, map, required } = shape;
    if (required) this.#checkRequired(value, required);
    if (variants) this.#checkVariant(value, variants);
    else if (members) this.#checkMembers(value, members, shape.opens);
    else if (map) for (const name in value) this.#checkMember(name, value[name]!, map);
    else throw this.#error("an object is not known to be harmless.");
  }

  #checkMembers(value: JsonObject, members: ReadonlyMap<string, Shape>, opens?: string): void {
    for (const name in value) {
      const shape = members.get(name);
      const member = value[name]!;
      // Most members are such. They are checked here, because each step down costs time.
      if (shape === SCALAR && typeof member !== "object") continue;
      if (shape) this.#checkMember(name, member, shape);
      else this.#checkUnknown(name, members, opens);
    }
  }

  #checkMember(name: string, value: JsonValue, shape: Shape): void {
    this.#path.push(name);
    this.check(value, shape);
    this.#path.pop();
  }

  /** @throws PolicyError unless the policy opens the member, whatever its value is */
  #checkUnknown(name: string, members: ReadonlyMap<string, Shape>, opens = "field:"): void {
    this.#path.push(name);
    // An API that folds names would read it in the place of the one that is checked.
    if (isAnotherSpelling(name, members)) throw this.#error("it is another spelling of a field.");
    const place = openedPlaceOf(opens === "field:" ? this.#path : [name]);
    this.#assertOpened(place === undefined ? undefined : `${opens}${place}`);
    this.#path.pop();
  }

  #checkVariant(value: JsonObject, variants: Variants): void {
    const { tag, upTo, untagged, shapes, others } = variants;
    const text = value[tag] ?? untagged;
    if (typeof text !== "string") throw this.#error(`it must have a text "${tag}".`);
    const key = upTo === undefined ? text : text.slice(0, text.indexOf(upTo) + 1);
    const shape = shapes.get(key) ?? others;
    if (shape) {
      this.check(value, shape);
      return;
    }
    this.#path.push(tag);
    this.#assertTextOpened(text, variants.opens);
    this.#path.pop();
  }

  /** An object with an unknown tag may be anything, if the policy opens the tag. */
  #assertTextOpened(text: string, opens = "field:"): void {
    if (opens !== "field:") {
      if (!this.#isOpened(`${opens}${text}`)) this.#assertOpened(`${opens}${withoutDate(text)}`);
      return;
    }
    const place = openedPlaceOf(this.#path);
    this.#assertOpened(place === undefined ? undefined : `${opens}${place}=${text}`);
  }

  #checkRequired(value: JsonObject, required: ReadonlyMap<string, string>): void {
    for (const [name, entry] of required) {
      if (value[name] !== undefined && value[name] !== null) continue;
      if (this.#isOpened(entry)) continue;
      this.#path.push(name);
      throw this.#error("without it, the API reads what it keeps for the account.", entry);
    }
  }

  #checkScalar(value: JsonNumber | string | number | boolean, shape: Shape): void {
    if (shape.isScalar) return;
    if (shape.isCount || shape.countAbove) {
      this.#checkCount(value, shape.countAbove);
      return;
    }
    const { scalars } = shape;
    if (!scalars) throw this.#error("a text, number or boolean is not known to be harmless.");
    const known = typeof value === "boolean" ? value : textOf(value);
    if (!scalars.has(known)) this.#assertTextOpened(String(known));
    const entry = scalars.get(known);
    if (entry !== undefined) this.#assertOpened(entry);
  }

  #checkCount(value: unknown, above: Shape["countAbove"]): void {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
      throw this.#error("it must be an integer of at least 1, without fraction and exponent.");
    }
    if (value > MAX_COUNT) throw this.#error(`it must be at most ${MAX_COUNT}.`);
    if (above && value > above.limit) this.#assertOpened(above.needs);
  }

  #isOpened(entry: string): boolean {
    const isOpened = this.#opened.allow.has(entry);
    if (isOpened) this.#used.set(entry, (this.#used.get(entry) ?? 0) + 1);
    return isOpened;
  }

  #assertOpened(entry: string | undefined): void {
    if (entry !== undefined && this.#isOpened(entry)) return;
    throw this.#error(UNKNOWN, entry);
  }

  #error(rule: string, entry?: string): Error {
    return violation(placeOf(this.#path), rule, entry);
  }
}

function textOf(value: JsonNumber | string | number): string {
  return value instanceof JsonNumber ? value.text : String(value);
}
