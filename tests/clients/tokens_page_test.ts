import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { TOKEN_PROBLEMS } from "../../lib/gateway/problem/token_problems.ts";
import { verifyToken } from "../../lib/signing/verify.ts";
import { freePort } from "../support/free_port.ts";
import { codeBlock } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { waitUntil } from "../support/wait_until.ts";
import { folderWith } from "../support/folder.ts";

const PAGE = await Bun.file(`${ROOT}/docs/tokens.md`).text();
const block = (language: string, needle: string) => codeBlock(PAGE, language, needle);
const API = "https://api.openai.com/v1/";
const SECRET = /secret: "(\w+)"/.exec(PAGE)![1]!;
const findSecrets = (id: string) => (id === "web" ? [SECRET] : undefined);

/** Runs a script as a reader would, with this Bun as `bun`. */
function shell(script: string, env: Record<string, string>) {
  const PATH = `${process.execPath.replace(/\/[^/]*$/, "")}:${process.env["PATH"]}`;
  return Bun.spawn(["sh", "-ec", script], { cwd: ROOT, env: { ...process.env, ...env, PATH } });
}

const seen: { path: string; authorization: string | null }[] = [];
const api = Bun.serve({
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    seen.push({ path: pathname, authorization: request.headers.get("authorization") });
    return Response.json({ object: "list", data: [{ id: "a-model" }] });
  },
});
const folder = await folderWith();
const secretFile = folder.path("sw_secret");
const port = String(await freePort());
const gatewayUrl = `http://localhost:${port}`;
const here = (script: string) =>
  script
    .replaceAll(API, `${api.url}v1/`)
    .replaceAll("sw_secret", secretFile)
    .replaceAll("http://localhost:3000", gatewayUrl)
    .replaceAll("/api.openai.com/", `/${api.url.host}/`);
let gateway: Bun.Subprocess;

beforeAll(async () => {
  const start = here(block("sh", "bun server.ts --upstream"));
  gateway = shell(start.replace("bun server.ts", "exec bun server.ts"), { PORT: port });
  const isUp = () =>
    fetch(gatewayUrl).then(
      () => true,
      () => false,
    );
  await waitUntil("the gateway to listen", isUp, 30_000);
});
afterAll(async () => {
  gateway.kill();
  await Promise.all([gateway.exited, api.stop(true), folder[Symbol.asyncDispose]()]);
});

describe("docs/tokens.md", () => {
  test("your first token, with the API's address changed", async () => {
    const run = shell(here(block("sh", "curl -H")), {});
    expect(await new Response(run.stdout).json()).toMatchObject({ data: [{ id: "a-model" }] });
    expect(seen.at(-1)).toEqual({ path: "/v1/models", authorization: "Bearer sk-your-key" });
  });

  test("the lines for a program's environment", async () => {
    const env = { SW_ID: "web", SW_SECRET: SECRET };
    const run = shell(`eval "$(${here(block("sh", "--env openai")).trim()})"\nenv`, env);
    const output = await new Response(run.stdout).text();
    expect(output).toContain(`OPENAI_BASE_URL=${gatewayUrl}/${api.url.host}/v1\n`);
    const token = /^OPENAI_API_KEY=(.*)$/m.exec(output)![1]!;
    expect(await verifyToken(token, { findSecrets })).toMatchObject({ issuer: "web" });
  });

  test("signing in a backend", async () => {
    const entry = JSON.stringify(`${ROOT}/lib/signing/mod.ts`);
    const script = block("ts", "signToken").replace('"signway"', entry);
    const run = Bun.$`${process.execPath} -e ${`${script}\nconsole.log(token);`}`;
    const { subject, permits } = await verifyToken((await run.text()).trim(), { findSecrets });
    expect(subject).toBe("user-42");
    expect(permits.to).toEqual([
      { methods: ["POST"], origin: "https://api.openai.com", path: "/v1/chat/completions" },
    ]);
  });

  test("the SDK as it is, with the addresses changed", async () => {
    using backend = Bun.serve({
      port: 0,
      async fetch() {
        const { signToken } = await import("../../lib/signing/mod.ts");
        const secret = (await Bun.file(secretFile).text()).trim();
        return new Response(await signToken({ id: "web", secret }));
      },
    });
    const script = here(block("ts", "createTokenProvider"))
      .replace("https://gateway.example.com", gatewayUrl)
      .replace('"/token"', JSON.stringify(`${backend.url}token`))
      .replace('"signway/signed-fetch"', JSON.stringify(`${ROOT}/lib/signing/signed_fetch.ts`));
    const program = `${script}\nfor await (const { id } of openai.models.list()) console.log(id);`;
    const run = Bun.$`${process.execPath} -e ${program}`.cwd(`${ROOT}/tests/clients`);
    expect(await run.text()).toBe("a-model\n");
    expect(seen.at(-1)).toEqual({ path: "/v1/models", authorization: "Bearer sk-your-key" });
  });

  test("the codes are those of the gateway", () => {
    const table = PAGE.slice(PAGE.indexOf("| status | codes"));
    for (const code of Object.keys(TOKEN_PROBLEMS)) expect(table).toContain(`\`${code}\``);
  });
});
