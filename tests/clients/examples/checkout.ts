import { connect } from "node:net";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { startUpstream } from "../../../examples/demo/upstream.ts";
import { freePort } from "../../support/free_port.ts";
import { codeBlock } from "../../support/code_blocks.ts";
import { ROOT } from "../../support/root.ts";
import { type Shell, startShell } from "./shell.ts";

/** What the first steps of examples/README.md need, beside the examples. */
const SOURCES = ["LICENSE", "build", "bun.lock", "bunfig.toml", "lib", "package.json", "server.ts"];

/** A copy of the repository in which the first steps of examples/README.md have been taken. */
export interface Checkout extends AsyncDisposable {
  /** The secret that the first steps have made. */
  secret: string;
  /** Where the model completes chats. */
  upstream: string;
  /** Where clients find the model: the gateway's address, and its host. */
  gateway: string;
  /**
   * Copies an example.
   *
   * @param example its path in `examples/`
   * @param port where it listens, in place of 8000
   */
  copy: (example: string, port: number) => Promise<CopiedExample>;
}

/** An example whose addresses are those of the started servers. */
export interface CopiedExample {
  folder: string;
  /** The commands of its README, one text for each block. */
  commands: string[];
}

/** The key of OpenAI in the first steps of examples/README.md. */
export const OPENAI_KEY = "sk-your-key";

/** What stands in for OpenAI. */
export interface OpenAiServer {
  url: URL;
  stop: () => Promise<void>;
}

/** How a checkout differs from others. */
export interface CheckoutOptions {
  /** Default: the model of the demo. */
  openai?: OpenAiServer;
  /** Further addresses of the examples, and what they are here. Default: none. */
  addresses?: Readonly<Record<string, string>>;
}

/**
 * Copies the repository and takes the first steps, with a server of the test in place of OpenAI.
 *
 * @param name of the copy; each test file has its own
 */
export async function checkOut(
  name: string,
  { openai = startModel(), addresses = {} }: CheckoutOptions = {},
): Promise<Checkout> {
  const root = `${ROOT}/.cache/examples/${name}`;
  await rm(root, { recursive: true, force: true });
  for (const source of SOURCES) {
    await cp(`${ROOT}/${source}`, `${root}/${source}`, { recursive: true });
  }
  const gatewayPort = await freePort();
  const replaced = Object.entries({
    "https://api.openai.com/": openai.url.href,
    "/api.openai.com/": `/${openai.url.host}/`,
    ...addresses,
  });
  const here = (text: string, port = 8000) =>
    replaced
      .reduce((changed, [there, address]) => changed.replaceAll(there, address), text)
      .replaceAll(/\b3000\b/g, String(gatewayPort))
      .replaceAll(/\b8000\b/g, String(port));
  const gateway = await takeFirstSteps(root, here, gatewayPort);
  return {
    secret: (await readFile(`${root}/sw_secret`, "utf8")).trim(),
    upstream: `${openai.url}v1/chat/completions`,
    gateway: `http://localhost:${gatewayPort}/${openai.url.host}`,
    copy: async (example, port) => {
      const folder = `${root}/examples/${example}`;
      await cp(`${ROOT}/examples/${example}`, folder, { recursive: true, filter: isSource });
      await rewrite(folder, (text) => here(text, port));
      return { folder, commands: shellBlocks(await readFile(`${folder}/README.md`, "utf8")) };
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.stop();
      await openai.stop();
    },
  };
}

function startModel(): OpenAiServer {
  const model = startUpstream({ key: OPENAI_KEY, paceMs: 1 });
  return { url: model.url, stop: () => model.stop(true) };
}

async function takeFirstSteps(
  root: string,
  here: (text: string) => string,
  port: number,
): Promise<Shell> {
  const readme = await readFile(`${ROOT}/examples/README.md`, "utf8");
  const shell = startShell(here(codeBlock(readme, "sh", "--upstream")), root, {
    PORT: String(port),
  });
  await shell.until("the gateway listens", () => isListening(port));
  return shell;
}

/** Whether somebody listens on a port. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "localhost", port });
    const end = (able: boolean) => {
      socket.destroy();
      resolve(able);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** What a reader who follows a README before may have left in the folder is no part of the example. */
function isSource(path: string): boolean {
  return !/\/(node_modules|\.next|\.venv|\.wrangler|__pycache__)$/.test(path);
}

async function rewrite(folder: string, change: (text: string) => string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".lock")) continue;
    const path = `${entry.parentPath}/${entry.name}`;
    await writeFile(path, change(await readFile(path, "utf8")));
  }
}

/** Splits commands before the first that hands over the secret: what installs, and what starts. */
export function splitInstall(commands: string): [install: string, start: string] {
  const [install = "", start = ""] = commands.split(/^(?=(?:export|\(umask) [^]*sw_secret)/m);
  return [install, start];
}

function shellBlocks(readme: string): string[] {
  return [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code]) => code!);
}
