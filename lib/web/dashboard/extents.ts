const TEXTS: Readonly<Record<string, string>> = {
  all: "Of all gateways that share the ledger.",
  this: "Of this gateway.",
  unavailable: "Of this gateway alone: the store of the ledger cannot be reached.",
};

/**
 * Says whose usage it is.
 *
 * @param gateways as the admin API has it
 */
export function extentOf(gateways: string): string {
  return TEXTS[gateways] ?? "";
}
