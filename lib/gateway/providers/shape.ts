/**
 * The form that a value of a request may have. The shapes of an operation are the list of what is known to be harmless: a value
 * of another shape is refused. `null` has every shape, because APIs read it as absent.
 */
export interface Shape {
  // Every shape has every member, in this order: the checker then reads them twenty times faster.
  /** The entry of `allow` that the value needs, whatever it is. Absent: none. */
  readonly needs: string | undefined;
  /** Whether it is text with the authority of a system message. A policy with `system` refuses it. */
  readonly isSystemText: boolean;
  /** Whether it may be any JSON. */
  readonly isAnything: boolean;
  /** Whether it may be a text, a number, `true` or `false`. */
  readonly isScalar: boolean;
  /** The texts and booleans that it may be, each with the entry of `allow` that it needs. */
  readonly scalars: ReadonlyMap<string | boolean, Entry> | undefined;
  /** Whether it may be an integer from 1 to {@link MAX_COUNT}, written without fraction and exponent. */
  readonly isCount: boolean;
  /** The greatest integer that needs no entry of `allow`, and the entry for greater ones. */
  readonly countAbove: { limit: number; needs: string } | undefined;
  /** What the elements of a list may be. */
  readonly list: Shape | undefined;
  /** What the values of an object with any names may be. */
  readonly map: Shape | undefined;
  /** What the members of an object may be. */
  readonly members: ReadonlyMap<string, Shape> | undefined;
  /** The members that an object must have, each with the entry of `allow` for an object without it. */
  readonly required: ReadonlyMap<string, string> | undefined;
  /** What an object may be by the text of one of its members. */
  readonly variants: Variants | undefined;
  /** The start of the entries of `allow` for members that are not listed, such as `tools:`. Default: `field:`. */
  readonly opens: string | undefined;
}

/** An entry of `allow`; `undefined` when none is needed. */
export type Entry = string | undefined;

/** Objects that are told from each other by a member. */
export interface Variants {
  /** The name of the member. */
  readonly tag: string;
  /** Only the text up to this character is compared. Default: all of it. */
  readonly upTo: string | undefined;
  /** The text that stands for an absent member. Default: the member must be there. */
  readonly untagged: string | undefined;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** The shape of objects with another text. Default: they are refused. */
  readonly others: Shape | undefined;
  /** The start of the entries of `allow` for other texts, such as `tools:`. Default: `field:`. */
  readonly opens: string | undefined;
}

/** What {@link oneOf} does with other objects than the listed ones. */
export type OtherVariants = Partial<Omit<Variants, "tag" | "shapes">>;

const NOTHING: Shape = {
  needs: undefined,
  isSystemText: false,
  isAnything: false,
  isScalar: false,
  scalars: undefined,
  isCount: false,
  countAbove: undefined,
  list: undefined,
  map: undefined,
  members: undefined,
  required: undefined,
  variants: undefined,
  opens: undefined,
};

/** Any JSON: it stays inside the request, whatever it is. */
export const ANYTHING: Shape = { ...NOTHING, isAnything: true };

/** A text, a number, `true` or `false`. */
export const SCALAR: Shape = { ...NOTHING, isScalar: true };

/** The greatest number of tokens or answers. A ledger takes amounts up to 9 · 10^15, and this times a price. */
export const MAX_COUNT = 1_000_000_000;

/** An integer from 1 to {@link MAX_COUNT}. */
export const COUNT: Shape = { ...NOTHING, isCount: true };

/** The same, of which greater ones than `limit` need an entry of `allow`. */
export function countAbove(limit: number, needs: string): Shape {
  return { ...COUNT, countAbove: { limit, needs } };
}

/** A list. */
export function list(of: Shape): Shape {
  return { ...NOTHING, list: of };
}

/** A scalar, or a list. */
export function scalarOrList(of: Shape): Shape {
  return { ...SCALAR, list: of };
}

/** An object with any names. */
export function map(of: Shape): Shape {
  return { ...NOTHING, map: of };
}

/**
 * An object with these members.
 *
 * @param members what they may be
 * @param opens the start of the entries of `allow` for other members. Default: `field:`
 */
export function object(members: Readonly<Record<string, Shape>>, opens?: string): Shape {
  return { ...NOTHING, members: new Map(Object.entries(members)), opens };
}

/** An object that is one of several, by its member `tag`. */
export function oneOf(
  tag: string,
  shapes: Readonly<Record<string, Shape>>,
  { upTo, untagged, others, opens }: OtherVariants = {},
): Shape {
  const variants = { tag, shapes: new Map(Object.entries(shapes)), upTo, untagged, others, opens };
  return { ...NOTHING, variants };
}

/** `false`; `true` needs an entry of `allow`. A text is neither, whatever an API makes of `"false"`. */
export function offUnless(entry: string): Shape {
  return {
    ...NOTHING,
    scalars: new Map<boolean, Entry>([
      [false, undefined],
      [true, entry],
    ]),
  };
}

/**
 * One of these texts, of which some need an entry of `allow`.
 *
 * @param free the texts that need none
 * @param opened the others, with their entries
 */
export function scalars(
  free: readonly string[],
  opened: Readonly<Record<string, string>> = {},
): Shape {
  const texts = free.map((text): [string, Entry] => [text, undefined]);
  return { ...NOTHING, scalars: new Map([...texts, ...Object.entries(opened)]) };
}

/** One of these texts, or an object. */
export function scalarsOr(free: readonly string[], { variants, members }: Shape): Shape {
  return { ...scalars(free), variants, members };
}

/** A value that needs an entry of `allow`. */
export function needs(entry: string, shape: Shape): Shape {
  return { ...shape, needs: entry };
}

/** Text with the authority of a system message. */
export function systemText(shape: Shape): Shape {
  return { ...shape, isSystemText: true };
}

/** An object without these members needs an entry of `allow`. */
export function requiring(required: Readonly<Record<string, string>>, shape: Shape): Shape {
  return { ...shape, required: new Map(Object.entries(required)) };
}
