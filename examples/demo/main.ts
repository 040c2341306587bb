import { parseArgs } from "node:util";
import { startBackend } from "./backend.ts";
import { curlWithSignedUrl, curlWithToken } from "./curl.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { createShutdown, type Shutdown } from "./shutdown.ts";
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

const shutdown = createShutdown();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void shutdown.end(0));
}

try {
  await startDemo(shutdown);
} catch (error) {
  await shutdown.fail(error instanceof Error ? error.message : String(error));
}

async function startDemo(shutdown: Shutdown): Promise<void> {
  const { key, ...api } = openAi() ?? startLocalModel(shutdown);
  const credential = { id: "demo", secret: randomHex() };
  const gateway = startGateway({
    ...credential,
    upstream: api.upstream,
    key,
    ...(values.verbose && { log: (line) => console.error(`gateway ${line}`) }),
  });
  shutdown.add(gateway);
  void failWithGateway(gateway, shutdown);
  const signer = { gateway: await gateway.listening, ...api, ...credential };
  const backend = startBackend(signer);
  shutdown.add({ stop: () => backend.stop(true) });
  console.log(`
  Signway: an answer from an API whose key you never see.

  Page      ${backend.url}
  Gateway   ${signer.gateway}
  Upstream  ${api.upstream} (${api.model})

  The same in a shell, without any key, for the next ten minutes. With a signed URL:

${await curlWithSignedUrl(signer)}

  With an access token:

${await curlWithToken(signer)}

  Ctrl-C ends everything.
`);
}

/** The API to ask when the environment has a key for it. */
function openAi() {
  const key = process.env["OPENAI_API_KEY"];
  if (!key) return undefined;
  const model = process.env["OPENAI_MODEL"] || "gpt-4o-mini";
  return { key, upstream: "https://api.openai.com/v1/", model };
}

function startLocalModel(shutdown: Shutdown) {
  const key = `sk-demo-${randomHex()}`;
  const server = startUpstream({ key });
  shutdown.add({ stop: () => server.stop(true) });
  return { key, upstream: `${server.url}v1/`, model: MODEL };
}

async function failWithGateway(gateway: Gateway, shutdown: Shutdown): Promise<void> {
  const code = await gateway.exited;
  await shutdown.fail(`The gateway ended with code ${code}.\n${gateway.lastLines()}`);
}

function randomHex(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toHex();
}
