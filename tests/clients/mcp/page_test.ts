import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { signToken } from "../../../lib/signing/mod.ts";
import { peekToken, verifyToken } from "../../../lib/signing/verify.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { codeBlock } from "../../support/code_blocks.ts";
import { ROOT } from "../../support/root.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";
import packages from "./package.json";
import { openClient } from "./open_client.ts";
import { KEY, type McpServer, node, startServer } from "./stage.ts";

const PAGE = await Bun.file(`${ROOT}/docs/mcp.md`).text();
const block = (language: string, needle: string) => codeBlock(PAGE, language, needle);
const SECRET = /secret: "(\w+)"/.exec(PAGE)![1]!;
const SERVER = "https://mcp.example.com";
const GATEWAY = "https://gateway.example.com";
const SDKS = ["@modelcontextprotocol/client", "@modelcontextprotocol/sdk"] as const;

describe.skipIf("reason" in node)("docs/mcp.md", () => {
  let server: McpServer;
  let gateway: Gateway;
  const folder = folderWith();
  const withServer = (text: string) => text.replaceAll(`${SERVER}/`, `${server.url}/`);
  /** A snippet with the addresses of this test. */
  const here = (text: string) =>
    withServer(text)
      .replaceAll(GATEWAY, gateway.url)
      .replaceAll("/mcp.example.com/", `/${new URL(server.url).host}/`)
      .replaceAll('"signway"', JSON.stringify(`${ROOT}/lib/signing/mod.ts`))
      .replaceAll('"signway/signed-fetch"', JSON.stringify(`${ROOT}/lib/signing/signed_fetch.ts`));
  const run = (program: string) =>
    Bun.$`${process.execPath} -e ${program}`.cwd(import.meta.dirname).text();
  const requestsOf = (name: string) =>
    server.reports.filter(({ kind, run }) => kind === "request" && run === name);

  beforeAll(async () => {
    server = await startServer();
    const file = (await folder).path("signway.toml");
    await Bun.write(file, withServer(block("toml", "[[app]]")));
    const [, args = ""] = /^bun server\.ts (.*)$/m.exec(block("sh", "--config")) ?? [];
    gateway = await startGateway({
      args: args.replace("signway.toml", file).split(" "),
      env: { MCP_KEY: KEY },
      secret: SECRET,
    });
  }, 60_000);
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
    await (await folder)[Symbol.asyncDispose]();
  });

  test("signing in a backend, and the URL of a client that takes only one", async () => {
    const program = `${block("ts", "signToken")}${block("ts", "const url = `")}
      console.log(JSON.stringify({ token, url }));`;
    const { token, url } = JSON.parse(await run(here(program)));
    const findSecrets = (id: string) => (id === "web" ? [SECRET] : undefined);
    const { subject, permits } = await verifyToken(token, { findSecrets });
    expect(subject).toBe("user-42");
    expect(permits.to).toEqual([{ origin: server.url, path: "/mcp" }]);
    const client = await openClient({ sdk: SDKS[1], url: `${url}?run=backend` });
    expect(await client.tools()).toContain("echo");
    await client.close();
    expect(requestsOf("backend")[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      "x-user-id": "user-42",
    });
  });

  test("the command that prints a URL", async () => {
    const [, args = ""] = /^bun server\.ts (.*)$/m.exec(block("sh", "--mcp")) ?? [];
    const env = { SW_ID: "web", SW_SECRET: SECRET };
    const { stdout } = await runSignway(here(args).split(" "), { env });
    const [, token = "", rest] = /\/~([^/]+)(\/.*)\n$/.exec(stdout) ?? [];
    expect(peekToken(token)?.issuer).toBe("web");
    expect(PAGE).toContain(`\`${GATEWAY}/~{token}/mcp.example.com/mcp\``);
    expect(`${gateway.url}/~{token}${rest}`).toBe(here(`${GATEWAY}/~{token}/mcp.example.com/mcp`));
    const client = await openClient({ sdk: SDKS[0], url: stdout.trim() });
    expect(await client.call("echo", { text: "by the URL alone" })).toBe("by the URL alone");
    await client.close();
  });

  test.concurrent.each(SDKS)(
    "a page with %s, which gets a new token before the last one expires",
    async (sdk) => {
      let signed = 0;
      using backend = Bun.serve({
        port: 0,
        async fetch() {
          signed += 1;
          const to = [`${server.url}/mcp`];
          return new Response(await signToken({ id: "web", secret: SECRET, expires: 4, to }));
        },
      });
      const snippet = here(block("ts", `from "${sdk}${sdk === SDKS[1] ? "/client/index.js" : ""}"`))
        .replace('"/token"', JSON.stringify(`${backend.url}token`))
        .replace('/mcp")', `/mcp?run=${encodeURIComponent(sdk)}")`);
      const program = `${snippet}
        await new Promise((resolve) => setTimeout(resolve, 3700));
        const again = await client.listTools();
        console.log(JSON.stringify([tools.length, again.tools.length, client.getServerVersion()]));
        await client.close();`;
      expect(JSON.parse(await run(program))).toEqual([4, 4, { name: "notes", version: "1.0.0" }]);
      expect(signed).toBeGreaterThan(1);
      expect(requestsOf(sdk).length).toBeGreaterThan(3);
    },
    30_000,
  );

  test("the headers that a list has to allow", () => {
    const [, text = ""] = /`allow_headers` needs (.*?) and the/s.exec(PAGE) ?? [];
    const listed = [...text.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!.toLowerCase());
    const sent = server.reports.flatMap(({ headers = {} }) => Object.keys(headers));
    // Those that the browser sets itself, or sends without being asked.
    const free = [
      "accept",
      "accept-encoding",
      "connection",
      "content-length",
      "host",
      "user-agent",
    ];
    const needed = new Set(sent).difference(new Set([...free, "x-user-id"]));
    expect(needed.size).toBeGreaterThan(3);
    expect(listed).toEqual(expect.arrayContaining([...needed]));
  });

  test("names the versions that were tried", () => {
    for (const sdk of SDKS) expect(PAGE).toContain(`\`${sdk}\` ${packages.dependencies[sdk]}`);
  });
});
