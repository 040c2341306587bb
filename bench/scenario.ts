/** How much to measure, and how long. */
export interface Effort {
  /** How often each case is measured. */
  rounds: number;
  /** How long a measurement of a server takes, in whole seconds. */
  seconds: number;
  /** Only the cases that have a target. */
  quick: boolean;
  /** Tiny sizes and no warm-up: shows whether it works, not how fast it is. */
  smoke: boolean;
  /** Called with each line about the progress. */
  log: (line: string) => void;
}

/** A column of numbers. */
export interface Quantity {
  /** The key of its samples. */
  key: string;
  /** With the unit. */
  label: string;
}

/** The samples of one row, one per round, by the keys of the quantities. */
export interface Series {
  name: string;
  samples: Record<string, number[]>;
  /** Why there are no samples of a quantity, in a word or two, by its key. Default: nothing is said. */
  notes?: Record<string, string>;
}

/** One table. */
export interface Group {
  title: string;
  /** Its position on the horizontal axis of a plot of growth. */
  x?: number;
  series: Series[];
}

/** The result of a scenario. */
export interface Result {
  title: string;
  /** A few sentences of Markdown about the measurement. */
  text: string;
  /** The first one is plotted, and compared with the references. */
  quantities: Quantity[];
  /** The names of the rows that the others are divided by. */
  references: string[];
  groups: Group[];
  /** The label of the horizontal axis; without one, bars are plotted. */
  growth?: string;
}

/** One kind of measurement of Signway and its peers. */
export interface Scenario {
  /** One line for the list of scenarios. */
  summary: string;
  run(effort: Effort): Promise<Result>;
}
