import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import { pageBlock } from "../../support/code_blocks.ts";
import { ROOT } from "../../support/root.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { block } from "./guide.ts";

const SDK = `${ROOT}/lib/signing`;
// Where the packages of the clients and of the server are found.
const FOLDER = `${ROOT}/tests/clients`;
const PAGE = block("javascript.md", "js", "signway/signed-fetch");
const CLIENTS = await pageBlock("docs/signed_urls.md", "ts", "createSignedFetch");
const PAGES = {
  "docs/signing/javascript.md": PAGE,
  "docs/signed_urls.md": `export ${CLIENTS.match(/const signedFetch = createSignedFetch\([^]*?\n\);\n/)![0]}`,
  "build/npm_package/README.md": (
    await Bun.file(`${ROOT}/build/npm_package/README.md`).text()
  ).match(/export const signedFetch = createSignedFetch\([^]*?\n\);\n/)![0],
};

const gateway = Bun.serve({
  port: 0,
  fetch: (request) => Response.json({ id: "from the gateway", choices: [], url: request.url }),
});
const port = await freePort();
const server = block("javascript.md", "js", "express.json()")
  .replace('"signway"', JSON.stringify(`${SDK}/mod.ts`))
  .replace("https://gateway.example.com", gateway.url.origin);
const express = Bun.spawn([process.execPath, "-e", server], {
  cwd: FOLDER,
  env: { PATH: process.env["PATH"]!, PORT: String(port), SW_SECRET: "a secret" },
  stdout: "inherit",
  stderr: "inherit",
});
const backend = `http://localhost:${port}`;

beforeAll(() =>
  waitUntil("Express", () =>
    fetch(backend).then(
      () => true,
      () => false,
    ),
  ),
);
afterAll(async () => {
  express.kill();
  await express.exited;
  await gateway.stop(true);
});

/** Runs what a page would, and yields what it prints, which is JSON. */
async function runPage(page: string, code: string): Promise<unknown> {
  const program = `
    import Anthropic from "@anthropic-ai/sdk";
    import OpenAI from "openai";
    import { createSignedFetch } from ${JSON.stringify(`${SDK}/signed_fetch.ts`)};
    let asked = 0;
    const ask = (path, init) => (asked++, fetch(${JSON.stringify(backend)} + path, init));
    ${page.replace(/^import .*\n/gm, "").replace('fetch("/sign"', 'ask("/sign"')}
    const options = { apiKey: "none", dangerouslyAllowBrowser: true, fetch: signedFetch };
    ${code}`;
  const child = Bun.spawn([process.execPath, "-e", program], { cwd: FOLDER, stdout: "pipe" });
  return await new Response(child.stdout).json();
}

describe.each(Object.entries(PAGES))("the page of %s, with a backend in Express", (_, page) => {
  test("gets its URLs signed", async () => {
    const code = `
      const openai = new OpenAI(options);
      const { id } = await openai.chat.completions.create({ model: "m", messages: [] });
      console.log(JSON.stringify({ id, asked }));`;
    expect(await runPage(page, code)).toEqual({ id: "from the gateway", asked: 1 });
  });

  test.each([
    ["OpenAI", "new OpenAI(options).models.list()"],
    ["Anthropic", "new Anthropic(options).models.list()"],
  ])("gets a refusal as an error of %s's client, once, with the message", async (_, call) => {
    const code = `
      const { status, message } = await ${call}.then(() => ({}), (error) => error);
      console.log(JSON.stringify({ status, message, asked }));`;
    const result = { status: 403, message: expect.stringContaining("not here"), asked: 1 };
    expect(await runPage(page, code)).toEqual(result);
  });
});

test("the function for a server in docs/signed_urls.md refuses with the same message", async () => {
  expect(await pageBlock("docs/signed_urls.md", "ts", "const ALLOWED")).toContain(
    '"not here", { status: 403 }',
  );
});
