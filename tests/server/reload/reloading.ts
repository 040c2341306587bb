import { rename, rm, symlink } from "node:fs/promises";
import { folderWith } from "../../support/folder.ts";
import { PROGRAM } from "../../support/run_signway.ts";
import { CREDENTIAL, type Gateway, type LogLine, startGateway } from "../../support/gateway.ts";
import {
  type RawUpstream,
  respond,
  type Script,
  startUpstream,
} from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

/** What stands in a secret's place and must never be logged. */
export const SECRETS = { old: "canary of old, 32 bytes long ...", new: CREDENTIAL.secret } as const;

/** A gateway whose configuration lies in a folder that can be changed. */
export interface Reloading extends AsyncDisposable {
  gateway: Gateway;
  upstream: RawUpstream;
  path: (name: string) => string;
  /** Writes a file in its place. */
  write: (name: string, content: object | string) => Promise<unknown>;
  /** Writes a file beside it and renames it into its place. */
  replace: (name: string, content: object | string) => Promise<unknown>;
  /** Puts a symlink into its place, in one step. */
  link: (name: string, target: string) => Promise<unknown>;
  /** What came of the last reload, when this many have been tried. */
  reloads: (count: number) => Promise<LogLine>;
  /** The status of a request that this secret has signed. */
  status: (secret: string, id?: string) => Promise<number>;
}

/** What a gateway is started with. */
export interface ReloadingOptions {
  /** Files in the folder; objects are written as JSON. `main.json` is the configuration. */
  files: (upstream: string, path: (name: string) => string) => Record<string, object | string>;
  args?: string[];
  env?: Record<string, string>;
  /** What the upstream does. Default: it answers. */
  script?: Script;
  /** Whether the file says where to listen. Default: the command line does. */
  listens?: boolean;
}

/** Starts it, with `--config` and the path of `main.json`. */
export async function startReloading(options: ReloadingOptions): Promise<Reloading> {
  const { files, args = [], env = {}, script = [respond("answer")], listens = false } = options;
  const upstream = await startUpstream(script);
  const folder = await folderWith();
  const { path } = folder;
  const write = (name: string, content: object | string) => Bun.write(path(name), textOf(content));
  for (const [name, content] of Object.entries(files(upstream.url, path))) {
    await write(name, content);
  }
  const all = ["--config", path("main.json"), ...args];
  const gateway = await startGateway({
    env: { CREDENTIALS_DIRECTORY: path("."), ...env },
    ...(listens ? { command: withoutListening(all) } : { args: all }),
  });
  // Once it answers, it has heard of signals and looked at its files.
  await fetch(gateway.url);
  const tried = () => gateway.lines().filter(({ msg }) => /^configuration /.test(msg));
  return {
    gateway,
    upstream,
    path,
    write,
    async replace(name, content) {
      await write(`${name}.new`, content);
      await rename(path(`${name}.new`), path(name));
    },
    async link(name, target) {
      await rm(path(`${name}.new`), { force: true });
      await symlink(target, path(`${name}.new`));
      await rename(path(`${name}.new`), path(name));
    },
    reloads: (count) => waitFor(`reload ${count}`, () => tried()[count - 1]),
    status: async (secret, id = CREDENTIAL.id) =>
      (await signedExchange(gateway, `${upstream.url}/`, { sign: { id, secret } })).status,
    async [Symbol.asyncDispose]() {
      await gateway.stop("SIGKILL");
      await upstream.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A configuration with one app. */
export function appWith(secret: string, upstream: string, more: object = {}): object {
  return {
    ...more,
    app: [{ id: CREDENTIAL.id, secrets: [secret], upstream: [{ url: upstream }] }],
  };
}

function textOf(content: object | string): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}

// The shell takes the `--host` and `--port` that follow for its own.
function withoutListening(args: string[]): string[] {
  return ["sh", "-c", `exec ${[PROGRAM, ...args].map(quoted).join(" ")}`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
