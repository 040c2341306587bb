import type { UsageNote, UsageStore } from "../../../gateway/ledger/usage_store.ts";
import { askServer } from "./ask_server.ts";
import { prefixOf } from "./batch.ts";
import type { Nodes } from "./nodes.ts";
import { fieldsOf } from "./replies.ts";
import { evaluate } from "./script/evaluate.ts";
import { USAGE_SCRIPT } from "./script/script.ts";

// An app with this id has other keys.
const SLOT = ":usage";

/** The usage of gateways in Redis or Valkey. */
export class RedisUsage implements UsageStore {
  readonly #nodes: Nodes;

  /** @param nodes the servers */
  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  async put({ period, gateway, text, keptMs }: UsageNote): Promise<boolean> {
    const args = ["1", keyOf(period), gateway, text, String(keptMs)];
    const reply = await askServer(this.#nodes, SLOT, (link) => evaluate(link, USAGE_SCRIPT, args));
    return Number(reply) === 1;
  }

  async read(period: string): Promise<Readonly<Record<string, string>>> {
    const reply = await askServer(this.#nodes, SLOT, (link) =>
      link.send("HGETALL", [keyOf(period)]),
    );
    const fields = Object.entries(fieldsOf(reply) ?? {});
    return Object.fromEntries(fields.map(([gateway, text]) => [gateway, String(text)]));
  }
}

function keyOf(period: string): string {
  return prefixOf(SLOT) + period;
}
