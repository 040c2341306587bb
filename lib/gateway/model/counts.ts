/** What limits count of a request to an API of models: at least one of them. */
export interface Counts {
  tokens: boolean;
  cost: boolean;
}
