import counters from "./counters.lua" with { type: "text" };
import leases from "./leases.lua" with { type: "text" };
import main from "./main.lua" with { type: "text" };
import operations from "./operations.lua" with { type: "text" };
import readings from "./readings.lua" with { type: "text" };
import receipts from "./receipts.lua" with { type: "text" };
import revocations from "./revocations.lua" with { type: "text" };
import rows from "./rows.lua" with { type: "text" };
import usage from "./usage.lua" with { type: "text" };

/** A script of the store, and the hash by which a server knows it. */
export interface Script {
  text: string;
  hash: string;
}

// Without `allow-oom`: a server whose memory is full refuses the script as a whole. It declares all of its keys.
const HEADER = "#!lua\n";

/**
 * The script that executes operations of one app: the algorithm of the ledger, as the server runs it. A local function is
 * known only below its definition, so the order matters.
 */
export const LEDGER_SCRIPT: Script = scriptOf(
  [rows, counters, receipts, operations, leases, readings, main].join("\n"),
);

/** The script that keeps revocations. */
export const REVOCATION_SCRIPT: Script = scriptOf(revocations);

/** The script that keeps what gateways tell of their usage. */
export const USAGE_SCRIPT: Script = scriptOf(usage);

/**
 * Makes a script of its text. Comments are left out.
 *
 * @param text in Lua, without a header
 */
export function scriptOf(text: string): Script {
  const lines = text.split("\n").map((line) => line.trim());
  const code = HEADER + lines.filter((line) => line !== "" && !line.startsWith("--")).join("\n");
  return { text: code, hash: new Bun.CryptoHasher("sha1").update(code).digest("hex") };
}
