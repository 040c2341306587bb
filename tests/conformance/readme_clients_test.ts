import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { dirname } from "node:path";

const ROOT = dirname(dirname(import.meta.dirname));
const README = await Bun.file(`${ROOT}/README.md`).text();
const CLIENTS = [...README.matchAll(/^```ts\n(.*?)^```/gms)]
  .map(([, code]) => code!)
  .find((code) => code.includes("createSignedFetch"))!;

test("the README's API clients ask the backend for each request", async () => {
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
  const file = `${ROOT}/.cache/readme_clients.ts`;
  await Bun.write(file, script.replace('"/sign"', JSON.stringify(`${backend.url}sign`)));
  expect(await Bun.$`${process.execPath} ${file}`.text()).toBe("a-model\na-model\n");
  rmSync(file);
  expect(asked).toMatchObject([
    { method: "GET", url: "https://api.openai.com/v1/models" },
    { method: "GET", url: expect.stringContaining("https://api.anthropic.com/v1/models") },
  ]);
});
