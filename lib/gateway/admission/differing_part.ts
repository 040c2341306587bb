/** A URL that a rule, a token or a policy names, and that does not allow a request. */
export interface Candidate {
  /** Absent: any URL. */
  url?: URL | undefined;
  /** Whether the URL does not match. Otherwise the method does not. */
  isAtFault: boolean;
}

/** A part of a request that differs from a candidate. */
export type Part = (typeof PARTS)[number];

// Sorted by similarity: when a part differs, the parts before it match.
const PARTS = ["host", "scheme", "port", "path", "method"] as const;

/**
 * Finds the part of a request that differs from the most similar candidate.
 *
 * @param candidates the candidates, of which none allows the request
 * @param target the URL of the request
 * @returns `undefined` when there is no candidate
 */
export function differingPart(candidates: readonly Candidate[], target: URL): Part | undefined {
  const [nearest] = candidates
    .map((candidate) => likeness(candidate, target))
    .sort((a, b) => b - a);
  return nearest === undefined ? undefined : PARTS[nearest];
}

/** The index in {@link PARTS} of the first part that differs. */
function likeness({ url, isAtFault }: Candidate, target: URL): number {
  if (!url || !isAtFault) return PARTS.indexOf("method");
  if (url.hostname !== target.hostname) return PARTS.indexOf("host");
  if (url.protocol !== target.protocol) return PARTS.indexOf("scheme");
  return PARTS.indexOf(url.port === target.port ? "path" : "port");
}
