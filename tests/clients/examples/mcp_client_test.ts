import { afterAll, beforeAll, expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import { startToolServer } from "../mcp/tool_server.ts";
import { checkOut, isListening } from "./checkout.ts";
import { runShell, type Shell, startShell } from "./shell.ts";

const github = startToolServer("github_pat_your-token", ["get_me", "delete_file"]);
const port = await freePort();
const checkout = await checkOut("mcp_client", {
  addresses: {
    "https://api.githubcopilot.com/": github.url.href,
    "/api.githubcopilot.com/": `/${github.url.host}/`,
    "3001": String(port),
  },
});
const { folder, commands } = await checkout.copy("mcp_client", 8000);
const [start = "", use = ""] = commands;
const [exports = "", list, callGranted, callAnother] = use.split(/^(?=bun client\.ts)/m);
let gateway: Shell;

beforeAll(async () => {
  gateway = startShell(start, folder);
  await gateway.until("the gateway listens", () => isListening(port));
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await checkout[Symbol.asyncDispose]();
  await github.stop();
});

/** Runs a command of the README in the shell of the client. */
const run = (command = "") => runShell(exports + command, folder);

test("the client of examples/mcp_client sees only the granted tool", async () => {
  expect(await run(list)).toBe("get_me: It is get_me.\n");
}, 60_000);

test("the client of examples/mcp_client calls the granted tool, and no other", async () => {
  expect(await run(callGranted)).toContain("This is get_me");
  await expect(run(callAnother)).rejects.toThrow("the tool is not granted");
  expect(github.calls).toEqual(["get_me"]);
}, 60_000);

test("the client of examples/mcp_client does not start without a token", async () => {
  await expect(runShell(list!, folder)).rejects.toThrow("MCP_URL and MCP_TOKEN have to be set");
});

test("the types of examples/mcp_client are right", async () => {
  await runShell("bun check --project tsconfig.json", folder);
}, 60_000);
