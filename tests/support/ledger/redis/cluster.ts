import { waitUntil } from "../../wait_until.ts";
import type { StoreProgram } from "./store_programs.ts";
import { StoreServer } from "./store_server.ts";

const SLOTS = 16_384;

/** Two nodes that share the slots. */
export interface StoreCluster extends AsyncDisposable {
  nodes: readonly StoreServer[];
  /** What the setting `ledger` is. */
  url: string;
  /** Returns the slot of a key, and the number of the node that has it. */
  placeOf: (key: string) => Promise<{ slot: number; node: number }>;
  /** Begins to move a slot to the other node: keys that are not there yet are refused. */
  beginMove: (slot: number, from: number) => Promise<void>;
  /** Moves the keys of the slot, and gives it to the other node. */
  endMove: (slot: number, from: number) => Promise<void>;
}

/** Starts the nodes, and waits until all slots are served. */
export async function startCluster(program: StoreProgram): Promise<StoreCluster> {
  const settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
  const first = await StoreServer.start({ program, settings });
  const second = await StoreServer.start({ program, settings });
  const nodes = [first, second];
  const half = SLOTS / 2;
  await first.ask("CLUSTER", "ADDSLOTSRANGE", "0", String(half - 1));
  await second.ask("CLUSTER", "ADDSLOTSRANGE", String(half), String(SLOTS - 1));
  await first.ask("CLUSTER", "MEET", "127.0.0.1", ...[second.port, second.clusterPort].map(String));
  await waitUntil("the cluster", async () => {
    const texts = await Promise.all(nodes.map((node) => node.ask("CLUSTER", "INFO")));
    const isWhole = (text: unknown) =>
      String(text).includes("cluster_state:ok") &&
      String(text).includes(`cluster_slots_ok:${SLOTS}`);
    return texts.every(isWhole);
  });
  const idOf = async (node: StoreServer) => String(await node.ask("CLUSTER", "MYID"));
  return {
    nodes,
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    async placeOf(key) {
      const slot = Number(await first.ask("CLUSTER", "KEYSLOT", key));
      return { slot, node: slot < half ? 0 : 1 };
    },
    async beginMove(slot, from) {
      const [source, target] = [nodes[from]!, nodes[1 - from]!];
      await target.ask("CLUSTER", "SETSLOT", String(slot), "IMPORTING", await idOf(source));
      await source.ask("CLUSTER", "SETSLOT", String(slot), "MIGRATING", await idOf(target));
    },
    async endMove(slot, from) {
      const [source, target] = [nodes[from]!, nodes[1 - from]!];
      const keys = (await source.ask("CLUSTER", "GETKEYSINSLOT", String(slot), "1000")) as string[];
      const place = ["127.0.0.1", String(target.port), "", "0", "5000"];
      if (keys.length > 0) await source.ask("MIGRATE", ...place, "KEYS", ...keys);
      const id = await idOf(target);
      for (const node of [target, source]) {
        await node.ask("CLUSTER", "SETSLOT", String(slot), "NODE", id);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}
