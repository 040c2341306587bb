/** The output cap of an exchange, which a reservation may lower to what is left. */
export interface Elastic {
  /** The smallest cap that the operation accepts. With less left, the reservation is refused. */
  least: number;
  /** The cap that is wanted; at least `least`. */
  most: number;
  /**
   * Whether the client asked for `most`. Otherwise the reservation takes at most half of the remaining tokens, but 4,096
   * if that many remain.
   */
  isAsked: boolean;
}

/** The most that a provider can bill for a request. Costs are in nano-dollars. */
export interface RequestBound {
  /** Tokens whose number does not depend on the output cap. */
  inputTokens: number;
  /** How many outputs of the cap's length there may be. */
  multiplicity: number;
  /** The output cap. Absent: the operation has no output. */
  elastic?: Elastic;
  /** Absent: the model has no price. */
  cost?: { input: number; perOutputToken: number };
  /** The name of a model without a price, if it can be printed. */
  unpriced?: string;
}
