import { waitUntil } from "../../wait_until.ts";
import type { StoreProgram } from "./store_programs.ts";
import { StoreServer } from "./store_server.ts";

/** A primary, a replica, and three Sentinels that watch them. */
export interface SentinelGroup extends AsyncDisposable {
  primary: StoreServer;
  replica: StoreServer;
  sentinels: readonly StoreServer[];
  /** What the setting `ledger` is. */
  url: string;
}

const NAME = "main";

/** Starts the group, and waits until the Sentinels know the replica and each other. */
export async function startSentinels(program: StoreProgram): Promise<SentinelGroup> {
  const primary = await StoreServer.start({ program });
  const settings = ["--replicaof", `127.0.0.1 ${primary.port}`];
  const replica = await StoreServer.start({ program, settings });
  const sentinel = [
    `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 2`,
    `sentinel down-after-milliseconds ${NAME} 700`,
    `sentinel failover-timeout ${NAME} 2000`,
  ].join("\n");
  const start = () => StoreServer.start({ program, sentinel });
  const sentinels = await Promise.all([start(), start(), start()]);
  await waitUntil("the replica", async () => {
    const text = String(await replica.ask("INFO", "replication"));
    return text.includes("master_link_status:up");
  });
  await waitUntil("the Sentinels to know each other", async () => {
    const known = sentinels.map(async (one) => {
      const { "num-other-sentinels": others, "num-slaves": replicas } = await one.ask(
        "SENTINEL",
        "MASTER",
        NAME,
      );
      return others === "2" && replicas === "1";
    });
    return (await Promise.all(known)).every(Boolean);
  });
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",");
  return {
    primary,
    replica,
    sentinels,
    url: `redis+sentinel://${hosts}/${NAME}`,
    async [Symbol.asyncDispose]() {
      for (const one of [...sentinels, replica, primary]) await one[Symbol.asyncDispose]();
    },
  };
}
