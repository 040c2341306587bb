import { type Revocation, revocationKey } from "../../../gateway/ledger/revocation/revocation.ts";
import type {
  RevocationStore,
  SyncReply,
  SyncRequest,
} from "../../../gateway/ledger/revocation/revocation_store.ts";
import { askServer } from "./ask_server.ts";
import { prefixOf } from "./batch.ts";
import type { Nodes } from "./nodes.ts";
import { evaluate } from "./script/evaluate.ts";
import { REVOCATION_SCRIPT } from "./script/script.ts";

// All revocations have one slot, so that one request tells what has changed. An app with this id has other keys.
const SLOT = ":revocations";

const KEYS = ["rm", "re", "ro", "rt", "rp"].map((name) => prefixOf(SLOT) + name);

/** The reply of the script. An empty list is an empty object. */
interface ScriptReply extends Omit<SyncReply, "changes" | "processes"> {
  values: Readonly<Record<number, string>>;
  processes: Readonly<Record<number, number>>;
}

/** Revocations in Redis or Valkey. */
export class RedisRevocations implements RevocationStore {
  readonly #nodes: Nodes;

  /** @param nodes the servers */
  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  async sync({ process = "", epoch, since, put }: SyncRequest): Promise<SyncReply> {
    const text = await askServer(this.#nodes, SLOT, (link) => {
      const own = [link.runId, crypto.randomUUID(), epoch, String(since), process];
      const args = [String(KEYS.length), ...KEYS, ...own, JSON.stringify(put.map(wireOf))];
      return evaluate(link, REVOCATION_SCRIPT, args);
    });
    const { values, processes, ...reply } = JSON.parse(String(text)) as ScriptReply;
    const changes = Object.values(values).map(parse);
    return { ...reply, changes, processes: Object.values(processes) };
  }
}

function wireOf({ at, ...revocation }: Revocation) {
  const text = JSON.stringify(revocation);
  return { key: revocationKey(revocation), at, until: revocation.until, text };
}

function parse(value: string): Revocation {
  const space = value.indexOf(" ");
  return { ...JSON.parse(value.slice(space)), at: Number(value.slice(0, space)) } as Revocation;
}
