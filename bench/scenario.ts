/** How long to measure. */
export interface Effort {
  /** How often each case is measured. */
  rounds: number;
  /** How long a measurement of a server takes, in whole seconds. */
  seconds: number;
  /** Only the cases that the targets speak of. */
  quick: boolean;
  /** Tiny sizes and no warm-up: whether it works, not how fast. */
  smoke: boolean;
  /** Where progress goes, a line at a time. */
  log: (line: string) => void;
}

/** A column of numbers. */
export interface Quantity {
  /** Under which the samples are found. */
  key: string;
  /** With the unit. */
  label: string;
}

/** What one row was measured at, a sample a round, by the keys of the quantities. */
export interface Series {
  name: string;
  samples: Record<string, number[]>;
}

/** One table. */
export interface Group {
  title: string;
  /** Where it stands on the horizontal axis of a plot of growth. */
  x?: number;
  series: Series[];
}

/** What a scenario found. */
export interface Result {
  title: string;
  /** What was done, in a few sentences of Markdown. */
  text: string;
  /** The first is what is plotted and what ratios are of. */
  quantities: Quantity[];
  /** The rows that the others are divided by. */
  references: string[];
  groups: Group[];
  /** The label of the horizontal axis; without one, bars are plotted. */
  growth?: string;
}

/** One thing that is measured, beside its peers. */
export interface Scenario {
  /** One line for the list of scenarios. */
  summary: string;
  run(effort: Effort): Promise<Result>;
}
