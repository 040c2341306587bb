/** What a fuzzer found: something that must not be, with the input that shows it. */
export interface Finding {
  what: string;
  /** Printed as JSON, ready for the corpus. */
  input: unknown;
}

/** The result of fuzzing one part. */
export interface FuzzResult {
  part: string;
  /** How many inputs were tried. */
  cases: number;
  /** How often each thing was answered. */
  counts: Map<string, number>;
  findings: Finding[];
}

/** Collects what one part of the fuzzer sees. */
export interface Tally {
  begin: () => void;
  count: (name: string) => void;
  found: (what: string, input: unknown) => void;
  result: FuzzResult;
}

// Enough to see a pattern; more of the same would only fill the screen.
const MOST = 20;

/** Makes an empty tally. */
export function createTally(part: string): Tally {
  const result: FuzzResult = { part, cases: 0, counts: new Map(), findings: [] };
  return {
    result,
    begin: () => void (result.cases += 1),
    count(name) {
      result.counts.set(name, (result.counts.get(name) ?? 0) + 1);
    },
    found(what, input) {
      if (result.findings.length < MOST) result.findings.push({ what, input });
    },
  };
}
