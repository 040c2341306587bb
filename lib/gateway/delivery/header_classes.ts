/** Headers that are treated alike, for the same reason. Names are in lower case. */
export interface HeaderClass<Treatment extends string> {
  treatment: Treatment;
  /** Why, as the end of a sentence: these headers … */
  reason: string;
  /** Names, separated by white space. */
  names?: string;
  /** Prefixes of names, each at least {@link START} characters long, separated by white space. */
  prefixes?: string;
  /** Suffixes of names, separated by white space. */
  suffixes?: string;
}

type Affix<Treatment> = readonly [affix: string, treatment: Treatment];

// Prefixes are looked up by this many characters of a name.
const START = 4;

/**
 * Prepares the look-up of treatments by header name.
 *
 * @param classes the classes; if a name is in two of them, the first one decides
 * @param fold writes a name as whole names are compared. Default: as it is
 * @returns a function that takes a name in lower case; it returns `undefined` when no class has the name
 */
export function treatmentsOf<Treatment extends string>(
  classes: readonly HeaderClass<Treatment>[],
  fold: (name: string) => string = (name) => name,
): (name: string) => Treatment | undefined {
  const affixes = (key: "names" | "prefixes" | "suffixes") =>
    classes.flatMap(({ treatment, [key]: text = "" }) =>
      words(text).map((word): Affix<Treatment> => [word, treatment]),
    );
  const byName = new Map(
    affixes("names")
      .toReversed()
      .map(([name, treatment]) => [fold(name), treatment]),
  );
  const byStart = Map.groupBy(affixes("prefixes"), ([prefix]) => prefix.slice(0, START));
  const suffixes = affixes("suffixes");
  return (name) =>
    byName.get(fold(name)) ??
    byStart.get(name.slice(0, START))?.find(([prefix]) => name.startsWith(prefix))?.[1] ??
    suffixes.find(([suffix]) => name.endsWith(suffix))?.[1];
}

// A client that invents names can fill no more memory than this.
const MAX_KNOWN = 512;
const MAX_KNOWN_LENGTH = 64;

/**
 * Caches the results for header names, since nearly all requests have the same ones. A known name costs a
 * single look-up.
 *
 * @param find computes the result for a name
 * @returns the function with a cache
 */
export function createNameMemory<Found extends object | string>(
  find: (name: string) => Found,
): (name: string) => Found {
  const known = new Map<string, Found>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const fresh = find(name);
    if (known.size < MAX_KNOWN && name.length <= MAX_KNOWN_LENGTH) known.set(name, fresh);
    return fresh;
  };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
