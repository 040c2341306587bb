import type { Target } from "./target.ts";

/** What a gateway may add to a delay. */
export interface AddedDelay {
  /** The key of the quantity. */
  key: string;
  text: string;
  /** In milliseconds. */
  atMost: number;
}

/** The row that is the floor of delays and rates. */
export const FLOOR = "native operations alone";

/** The target of a delay, and what the runtime alone adds. */
export function delayTargets(
  measured: Pick<Target, "scenario" | "group">,
  { key, text, atMost }: AddedDelay,
): Target[] {
  const { group } = measured;
  return [
    {
      ...measured,
      key,
      text: `${text} (${group}), in ms`,
      row: "Signway",
      atMost,
      orFloor: FLOOR,
    },
    { ...measured, key, text: `${text} by ${FLOOR} (${group}), in ms`, row: FLOOR, isFloor: true },
  ];
}
