import { type Checkout, isListening, splitInstall } from "./checkout.ts";
import { runShell, startShell } from "./shell.ts";

/** A backend of examples/backends/. */
export interface Backend {
  name: string;
  /** Programs that its README takes for granted. */
  needs: string[];
  /** Checks its types, in its folder. Default: it has none. */
  check?: string;
  /** Text in the commands of its README, and what is run in its place here. Default: none. */
  replace?: [text: string, replacement: string];
}

/** What a backend answers to a request for a token. */
export interface Answer {
  status: number;
  cacheControl: string | undefined;
  body: { token?: string; error?: string };
}

/** What came of the commands of a README. */
export interface Outcome {
  /** What was written when there was no secret. */
  withoutSecret: string;
  /** The answers to a signed-in user and to a stranger. */
  answers: Answer[];
}

/** Where the README of the Supabase function has the URL of a project, and its key and user. */
export const SUPABASE = {
  url: "https://my-project.supabase.co",
  anonKey: "my-anon-key",
  userJwt: "my-user-jwt",
};

const BUN_CHECK = "bun check --strict --project tsconfig.json";

/**
 * All of them. Those that take longest come first, so that they do not end last.
 *
 * @param supabase the URL of the Supabase project
 */
export function backends(supabase: string): Backend[] {
  return [
    { name: "go", needs: ["go"] },
    { name: "nextjs", needs: ["node", "npm"], check: BUN_CHECK },
    { name: "fastapi", needs: ["python3"] },
    { name: "cloudflare_worker", needs: ["node", "npm"], check: BUN_CHECK },
    {
      name: "supabase",
      needs: ["deno"],
      check: "deno check index.ts",
      replace: [SUPABASE.url, supabase],
    },
    {
      name: "ruby",
      needs: ["ruby", "bundle", "puma"],
      // Debian's own gems, because rubygems.org cannot be reached from everywhere.
      replace: ["bundle install", "bundle install --local"],
    },
    { name: "express", needs: ["node", "npm"] },
    { name: "hono", needs: [], check: BUN_CHECK },
    { name: "aws_lambda", needs: ["node"], check: BUN_CHECK },
  ];
}

/**
 * Follows the README of a backend.
 *
 * @param port what it serves on
 */
export async function runBackend(
  { name, check, replace = ["", ""] }: Backend,
  checkout: Checkout,
  port: number,
): Promise<Outcome> {
  const { folder, commands } = await checkout.copy(`backends/${name}`, port);
  const [first = "", ask] = commands.map((text) => text.replace(...replace));
  const [install, start] = splitInstall(first);
  await runShell(install, folder);
  const outcome =
    ask === undefined
      ? await invokeFunction(start, folder)
      : await askServer([start, ask], folder, port);
  if (check) await runShell(check, folder);
  return outcome;
}

async function askServer(
  [start, ask]: [start: string, ask: string],
  folder: string,
  port: number,
): Promise<Outcome> {
  const idle = startShell(withoutSecret(start), folder);
  await idle.until("it misses its secret", async () => idle.output().includes("has to be set"));
  await idle.stop();
  // Deno alone gets its port from here: its programs need not name one.
  const server = startShell(start, folder, { DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}` });
  try {
    await server.until("it listens", () => isListening(port));
    const output = await runShell(ask.replaceAll("curl ", "curl --silent --include "), folder);
    return { withoutSecret: idle.output(), answers: parseResponses(output) };
  } finally {
    await server.stop();
  }
}

async function invokeFunction(script: string, folder: string): Promise<Outcome> {
  const idle = startShell(withoutSecret(script), folder);
  await idle.exited;
  await idle.stop();
  const lines = (await runShell(script, folder)).trim().split("\n");
  const answers = lines.map((line): Answer => {
    const { statusCode, headers, body } = JSON.parse(line);
    return {
      status: statusCode,
      cacheControl: headers["Cache-Control"],
      body: JSON.parse(body),
    };
  });
  return { withoutSecret: idle.output(), answers };
}

/** The commands where nobody has made a secret. */
function withoutSecret(script: string): string {
  return script.replace("sw_secret", "no_secret");
}

/** What `curl --include` has written about responses with JSON. */
function parseResponses(output: string): Answer[] {
  return output
    .split(/HTTP\/1\.1 (?=\d{3} )/)
    .slice(1)
    .map((response) => {
      const end = response.indexOf("\r\n\r\n");
      return {
        status: Number(response.slice(0, 3)),
        cacheControl: /^cache-control: *(.*?)\r?$/im.exec(response.slice(0, end))?.[1],
        body: JSON.parse(response.slice(end)),
      };
    });
}
