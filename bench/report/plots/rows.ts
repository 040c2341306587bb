import type { Result, Series } from "../../scenario.ts";

/** The names of the rows that have samples of a quantity, each once. */
export function rowNames({ groups }: Result, key: string): string[] {
  const hasSamples = ({ samples }: Series) => (samples[key]?.length ?? 0) > 0;
  const names = groups.flatMap(({ series }) => series.filter(hasSamples).map(({ name }) => name));
  return [...new Set(names)];
}
