import { parseArgs } from "node:util";
import { startBackend } from "./backend.ts";
import { curlCommand } from "./curl.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { MODEL, startUpstream } from "./upstream.ts";

const HELP = `bun run demo [--verbose]

Starts a small model, the gateway and a backend on free ports of this machine.

  --verbose         also print what the gateway logs
  OPENAI_API_KEY    in the environment: ask OpenAI instead of the small model
  OPENAI_MODEL      the model to ask there; gpt-4o-mini`;

const { values } = parseArgs({
  options: { verbose: { type: "boolean" }, help: { type: "boolean" } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const running: { stop: () => unknown }[] = [];
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void end(0));
}

try {
  await start();
} catch (error) {
  await fail(error instanceof Error ? error.message : String(error));
}

async function start(): Promise<void> {
  const { key, ...target } = openAi() ?? localModel();
  const credential = { id: "demo", secret: randomHex() };
  const gateway = startGateway({
    ...credential,
    upstream: target.upstream,
    key,
    ...(values.verbose && { log: (line) => console.error(`gateway ${line}`) }),
  });
  running.push(gateway);
  void watch(gateway);
  const signer = { gateway: await gateway.listening, ...target, ...credential };
  const backend = startBackend(signer);
  running.push({ stop: () => backend.stop(true) });
  console.log(`
  Signway: an answer from an API whose key you never see.

  Page      ${backend.url}
  Gateway   ${signer.gateway}
  Upstream  ${target.upstream} (${target.model})

  The same in a shell, without any key, for the next ten minutes:

${await curlCommand(signer)}

  Ctrl-C ends everything.
`);
}

function openAi() {
  const key = process.env["OPENAI_API_KEY"];
  if (!key) return undefined;
  const model = process.env["OPENAI_MODEL"] || "gpt-4o-mini";
  return { key, upstream: "https://api.openai.com/v1/", model };
}

function localModel() {
  const key = `sk-demo-${randomHex()}`;
  const server = startUpstream({ key });
  running.push({ stop: () => server.stop(true) });
  return { key, upstream: `${server.url}v1/`, model: MODEL };
}

async function watch(gateway: Gateway): Promise<void> {
  const code = await gateway.exited;
  await fail(`The gateway ended with code ${code}.\n${gateway.lastLines()}`);
}

async function fail(reason: string): Promise<void> {
  if (stopping) return;
  console.error(`The demo cannot go on. ${reason}`);
  await end(1);
}

async function end(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all(running.map(({ stop }) => stop()));
  process.exit(code);
}

function randomHex(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toHex();
}
