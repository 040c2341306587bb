import { expect, test } from "bun:test";
import { pageBlock } from "../../support/code_blocks.ts";
import { ROOT } from "../../support/root.ts";

const CLIENTS = await pageBlock("docs/signed_urls.md", "ts", "createSignedFetch");

test("the API clients of docs/signed_urls.md ask the backend for each request", async () => {
  const asked: unknown[] = [];
  using backend = Bun.serve({
    port: 0,
    routes: {
      "/sign": {
        POST: async (request): Promise<Response> => {
          asked.push(await request.json());
          return new Response(new URL("/signed", request.url).href);
        },
      },
    },
    fetch: () => Response.json({ data: [{ id: "a-model" }] }),
  });
  const script = `${CLIENTS}
    for (const client of [openai, anthropic]) {
      for await (const { id } of client.models.list()) console.log(id);
    }`;
  const program = script
    .replace('"/sign"', JSON.stringify(`${backend.url}sign`))
    .replace('"signway/signed-fetch"', JSON.stringify(`${ROOT}/lib/signing/signed_fetch.ts`));
  // Where the packages of the clients are found.
  const run = Bun.$`${process.execPath} -e ${program}`.cwd(`${ROOT}/tests/clients`);
  expect(await run.text()).toBe("a-model\na-model\n");
  expect(asked).toMatchObject([
    { method: "GET", url: "https://api.openai.com/v1/models" },
    { method: "GET", url: expect.stringContaining("https://api.anthropic.com/v1/models") },
  ]);
});
