import { existsSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import packageJson from "../../package.json";
import { folderWith } from "../support/folder.ts";
import { finished } from "../support/finished.ts";
import { freePort } from "../support/free_port.ts";
import { acquireLock } from "../support/lock.ts";
import { pageShell, waitForGateway } from "../support/page_shell.ts";
import { README, readmeBlock as block, readmeLines } from "../support/readme.ts";
import { ROOT } from "../support/root.ts";
import { signedTarget } from "../support/signed.ts";
import { startStreamingApi, WORDS } from "../support/streaming_api.ts";

const API = "https://api.openai.com/v1/";

/** Runs the five lines and what follows them, with the API's address changed. */
async function runFiveLines(api: URL, more: readonly string[] = []) {
  const lines = readmeLines("sh", "curl -N");
  expect(lines).toHaveLength(5);
  const [, variables = "", start = "", ...ask] = lines;
  const port = String(await freePort());
  const gateway = `http://localhost:${port}`;
  const script = [variables, start, 'trap "kill $!" EXIT', ...ask, ...more].join("\n");
  const here = script
    .replace("server.ts --upstream", "server.ts --log-level silent --upstream")
    .replaceAll(API, `${api}v1/`)
    .replace("localhost:3000", gateway)
    .replace(" sign ", ` sign --gateway ${gateway} `)
    .replace(" token ", ` token --gateway ${gateway} `);
  return await finished(pageShell(here, { PORT: port }));
}

describe("README", () => {
  test("has 130 lines at most, and no table", () => {
    expect(README.trimEnd().split("\n").length).toBeLessThanOrEqual(130);
    expect(README).not.toMatch(/^\|/m);
  });

  test("has links to files that there are", () => {
    const links = [...README.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((path) => !existsSync(`${ROOT}/${path}`))).toEqual([]);
  });

  test("its two commands are the package's", () => {
    const commands = block("sh", "run demo").match(/bun@[\d.]+ run \w+/g);
    expect(commands).toEqual(["bun@1.4.5 run demo", "bun@1.4.5 run test"]);
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
  });

  test("five lines lead to a streamed answer, and the SDK's program to the same", async () => {
    await using api = startStreamingApi();
    await using folder = await folderWith({ "chat.mjs": block("js", 'from "openai"') });
    const [token = ""] = readmeLines("sh", "--env openai");
    const { stdout, stderr, code } = await runFiveLines(api.url, [
      token,
      // The folder has no packages; those of this folder have the client.
      `cd ${ROOT}/tests/clients && bun -e "$(cat ${folder.path("chat.mjs")})"`,
    ]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const [, answer] = stdout.split("data: [DONE]\n\n");
    expect(stdout.match(/^data: \{/gm)).toHaveLength(WORDS.length);
    expect(answer).toBe(WORDS.join(""));
    const request = { authorization: "Bearer sk-your-key", body: { stream: true } };
    expect(api.asked).toMatchObject([request, request]);
  });

  test("the five lines ask an API that fails once", async () => {
    let asked = 0;
    using api = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => new Response(`failure ${++asked}`, { status: 502 }),
    });
    const { stdout, code } = await runFiveLines(api.url);
    expect([stdout, code, asked]).toEqual(["failure 1", 0, 1]);
  });

  test("the binary, with the API's address changed", async () => {
    expect(readmeLines("sh", "./dist/signway-linux-amd64").length).toBeLessThanOrEqual(5);
    using api = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ headers }) => new Response(headers.get("authorization")),
    });
    await using folder = await folderWith();
    using _ = await acquireLock("build");
    const machine = process.arch === "x64" ? "amd64" : "arm64";
    const script = block("sh", "./dist/signway-linux-amd64")
      .replace("--only amd64", `--only ${machine} --out ${folder.path("dist")}`)
      .replace("./dist/signway-linux-amd64", `exec ${folder.path(`dist/signway-linux-${machine}`)}`)
      .replace(API, `${api.url}v1/`);
    const port = await freePort();
    const gateway = pageShell(script, { PORT: String(port) });
    try {
      const url = `http://127.0.0.1:${port}`;
      await waitForGateway(url);
      const path = signedTarget(url, `${api.url}v1/models`, { id: "ID", secret: "SECRET" });
      const response = await fetch(url + path);
      expect([response.status, await response.text()]).toEqual([200, "Bearer sk-your-key"]);
    } finally {
      gateway.kill();
      await gateway.exited;
    }
  });

  test.each([
    ["CPU of a small signed GET ÷ native operations alone", 3],
    ["Chat completions a second ÷ Portkey's gateway", 3],
    // The first table of small GETs is that of the default settings.
    ["Signway", 3],
  ] as const)("has the benchmarks' own figure: %s", async (title, column) => {
    const benchmarks = await Bun.file(`${ROOT}/docs/benchmarks.md`).text();
    const row = benchmarks.split("\n").find((line) => line.startsWith(`| ${title} `));
    const measured = row!.split("|")[column]!.trim();
    expect(README).toMatch(new RegExp(`\\b${measured} times`));
  });
});
