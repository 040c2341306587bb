/** Values of the keys of `sw` that count, and of `on_abort`, that are accepted, by the key. */
export const RIGHT_COUNTERS: Readonly<Record<string, readonly unknown[]>> = {
  uses: [1, 9_000_000_000_000_000],
  rate: ["10/s", "60/min burst 5", "1000/h", "5000/day burst 1"],
  concurrent: [1, 500],
  bytes: [1, 1_048_576],
  tokens: [1, 50_000],
  cost: [0.05, 1, 9_000_000, 1e-9],
  on_abort: ["charge", "drain"],
};

const NO_AMOUNTS = [0, -1, 1.5, "1", null, true, [1], {}, 2 ** 53, 9_000_000_000_000_001];

/** Values that are refused, by the key. */
export const WRONG_COUNTERS: Readonly<Record<string, readonly unknown[]>> = {
  uses: NO_AMOUNTS,
  rate: [null, 10, ["10/s"], "", "10", "10/sec", "0/s", "10/s burst 0", "10 / s", "10/month"],
  concurrent: NO_AMOUNTS,
  bytes: NO_AMOUNTS,
  tokens: [...NO_AMOUNTS, "50000/day"],
  cost: [0, -1, 1e-10, 9_000_001, "1", "1/day", null, true, [1], {}],
  on_abort: ["Charge", "refuse", "", null, true, ["charge"]],
};
