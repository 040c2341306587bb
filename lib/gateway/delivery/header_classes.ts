/** Names of headers that are treated alike, for one reason. Names are in lower case. */
export interface HeaderClass<Treatment extends string> {
  treatment: Treatment;
  /** Why, as the end of a sentence: these headers … */
  reason: string;
  /** Joined by blanks. */
  names?: string;
  /** How names begin, each with {@link START} characters or more; joined by blanks. */
  prefixes?: string;
  /** How names end; joined by blanks. */
  suffixes?: string;
}

type Affix<Treatment> = readonly [affix: string, treatment: Treatment];

// Prefixes are found by so many characters of a name.
const START = 4;

/**
 * Prepares the question how a header is treated.
 *
 * @param classes where a name is in two of them, the treatment of the first counts
 * @returns a function of a name in lower case; `undefined` when no class has it
 */
export function treatmentsOf<Treatment extends string>(
  classes: readonly HeaderClass<Treatment>[],
): (name: string) => Treatment | undefined {
  const affixes = (key: "names" | "prefixes" | "suffixes") =>
    classes.flatMap(({ treatment, [key]: text = "" }) =>
      words(text).map((word): Affix<Treatment> => [word, treatment]),
    );
  const byName = new Map(affixes("names").toReversed());
  const byStart = Map.groupBy(affixes("prefixes"), ([prefix]) => prefix.slice(0, START));
  const suffixes = affixes("suffixes");
  return (name) =>
    byName.get(name) ??
    byStart.get(name.slice(0, START))?.find(([prefix]) => name.startsWith(prefix))?.[1] ??
    suffixes.find(([suffix]) => name.endsWith(suffix))?.[1];
}

// Whoever makes names up fills this much, and no more.
const MAX_KNOWN = 512;
const MAX_KNOWN_LENGTH = 64;

/**
 * Remembers what was found out about names, since nearly all requests bring the same: one look-up of a
 * name is all that it costs.
 *
 * @param find what is to be known of a name
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
