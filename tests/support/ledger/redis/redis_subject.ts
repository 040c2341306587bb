import { ok } from "node:assert/strict";
import { RedisClient } from "bun";
import type { Link, Nodes } from "../../../../lib/runtime/ledger/redis/nodes.ts";
import { RedisStore } from "../../../../lib/runtime/ledger/redis/redis_store.ts";
import {
  LEDGER_SCRIPT,
  type Script,
  scriptOf,
} from "../../../../lib/runtime/ledger/redis/script/script.ts";
import type { Restart, Subject, SubjectKind, TestClock } from "../subject.ts";
import { storePrograms } from "./store_programs.ts";
import { StoreServer } from "./store_server.ts";

// The clock of the tests is in a key. Expiries are those of the tests, which the server must not act on.
const LATER = "4000000000000";
function stagedScript(spoil: Spoil = (text) => text): Script {
  const text = LEDGER_SCRIPT.text
    .replace("#!lua\n", "")
    .replace(
      'local time = redis.call("TIME")',
      'local ms = tonumber(redis.call("GET", "clock"))\nlocal time = { math.floor(ms / 1000), ms % 1000 * 1000 }',
    )
    .replace('"PXAT", text(expiry)', `"PXAT", text(expiry + ${LATER})`)
    .replace("text(now + UNUSED_MS)", `text(now + UNUSED_MS + ${LATER})`);
  return scriptOf(spoil(text));
}

/** Makes a mistake in the text of the script. */
export type Spoil = (text: string) => string;

const COPY_ALL = (from: number, to: number) => `#!lua
redis.call("SELECT", ${to}) redis.call("FLUSHDB")
redis.call("SELECT", ${from})
for _, key in ipairs(redis.call("KEYS", "*")) do redis.call("COPY", key, key, "DB", ${to}) end`;

const EXPIRIES = `#!lua
local expiries = {}
for _, key in ipairs(redis.call("KEYS", "sw1:*")) do
  expiries[#expiries + 1] = key .. " " .. redis.call("PEXPIRETIME", key)
end
return expiries`;

const APPS = ["app 0", "app 1", "web"];

/** A server whose clock, memory and run id a test sets. Commands on one connection are in order. */
class StagedLink implements Link, Nodes {
  runId = "run 0";
  readonly #client: RedisClient;
  readonly #clock: TestClock;

  constructor(client: RedisClient, clock: TestClock) {
    this.#client = client;
    this.#clock = clock;
  }

  send(command: string, args: string[]): Promise<unknown> {
    void this.#client.send("SET", ["clock", String(this.#clock.now)]);
    return this.#client.send(command, args);
  }

  script(text: string): Promise<unknown> {
    return this.#client.send("EVAL", [text, "0"]);
  }

  linkFor = () => this;
  failed = () => {};
  close = () => {};
}

function startSubject(client: RedisClient, clock: TestClock, script: Script): Subject {
  const link = new StagedLink(client, clock);
  const store = new RedisStore({ nodes: link, script });
  let runs = 0;
  void client.send("FLUSHALL", []);
  store.enter(APPS);
  return {
    store,
    restart(how: Restart) {
      if (how === "replicate") return void link.script(COPY_ALL(0, 1));
      if (how === "lose") void link.script(COPY_ALL(1, 0));
      if (how === "forget") void client.send("FLUSHDB", []);
      link.runId = `run ${++runs}`;
      store.enter(APPS);
    },
    close() {},
    async check() {
      const expiries = (await link.script(EXPIRIES)) as string[];
      for (const expiry of expiries) ok(Number(expiry.split(" ").at(-1)) > Number(LATER), expiry);
    },
  };
}

/** The kinds of subjects that were started, and what ends their servers. */
export interface RedisSubjects extends AsyncDisposable {
  kinds: SubjectKind[];
}

/**
 * Starts a server of each program, for one list of commands after the other.
 *
 * @param spoil makes a mistake in the script. Default: none
 */
export async function startRedisSubjects(spoil?: Spoil): Promise<RedisSubjects> {
  const script = stagedScript(spoil);
  const servers: StoreServer[] = [];
  const kinds: SubjectKind[] = [];
  for (const program of await storePrograms()) {
    const server = await StoreServer.start({ program });
    const client = new RedisClient(server.url, { enableAutoPipelining: false });
    await client.connect();
    await client.send("SCRIPT", ["LOAD", script.text]);
    servers.push(server);
    kinds.push({
      name: program.name,
      restarts: ["forget", "replicate", "lose", "renew"],
      start: (clock) => startSubject(client, clock, script),
    });
  }
  return {
    kinds,
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}
