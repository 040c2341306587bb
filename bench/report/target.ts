/** A limit for a measured figure. */
export interface Target {
  /** Its text in the report. */
  text: string;
  scenario: string;
  /** The title of the group. */
  group: string;
  /** The key of the quantity. */
  key: string;
  /** The name of the row. */
  row: string;
  /** The divisor: another row, or the same row of another group. Default: none. */
  by?: { row: string } | { group: string };
  /** What is taken off: the same row of another group. Default: nothing. */
  less?: { group: string };
  atMost?: number;
  atLeast?: number;
  /** The row that is the runtime's floor: where it is not within the limit, its figure is the limit. Default: none. */
  orFloor?: string;
  /** Set when it limits nothing: it shows what the runtime alone costs, which is why there is no such target. */
  isFloor?: true;
}
