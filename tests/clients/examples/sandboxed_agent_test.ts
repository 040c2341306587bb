import { afterAll, describe, expect, test } from "bun:test";
import { requirement } from "../../support/requirement.ts";
import { checkOut, splitInstall } from "./checkout.ts";
import { findPrograms, runShell } from "./shell.ts";

const TASK = "Who carries the key, when I do not?";

const checkout = await checkOut("sandboxed_agent");
const { folder, commands } = await checkout.copy("sandboxed_agent", 8000);
const [first, sandboxed] = commands as [string, string];
const [install, withSecret] = splitInstall(first);
const [prepare = "", plain = ""] = withSecret.split(/^(?=bun )/m);
await runShell(install, folder);
const bubblewrap = await requirement("bubblewrap, socat and namespaces", async () => {
  findPrograms(["bwrap", "socat"]);
  await runShell("bwrap --unshare-all --ro-bind / / true", folder);
});

afterAll(() => checkout[Symbol.asyncDispose]());

/** Runs commands in the reader's shell. */
const run = (script: string) => runShell(`${prepare}${script}`, folder);
const inSandbox = (command: string) => run(`./sandbox.sh ${command}`);

test("the agent of examples/sandboxed_agent answers, with the environment alone", async () => {
  expect(await run(plain)).toContain(`“${TASK}”`);
}, 60_000);

describe.skipIf("reason" in bubblewrap)("the sandbox of examples/sandboxed_agent", () => {
  test("lets the agent ask the model", async () => {
    expect(await run(sandboxed)).toContain(`“${TASK}”`);
  }, 60_000);

  test("has nothing of the environment but the token", async () => {
    const lines = (await inSandbox("env")).trim().split("\n");
    const names = lines.map((line) => line.split("=")[0]).toSorted();
    expect(names).toEqual(["OPENAI_API_KEY", "OPENAI_BASE_URL", "PATH", "PWD"]);
    expect(lines.join()).not.toContain(checkout.secret);
  }, 60_000);

  test("reaches the gateway, and not what lies behind it", async () => {
    const status = (url: string) =>
      `bun -e 'fetch("${url}").then((it) => console.log(it.status), () => console.log("unreachable"))'`;
    expect(await inSandbox(status(checkout.gateway))).toContain("400");
    expect((await fetch(checkout.upstream)).status).toBe(401);
    expect(await inSandbox(status(checkout.upstream))).toBe("unreachable\n");
  }, 60_000);

  test("does not start without a secret", async () => {
    const script = `${prepare.replace("sw_secret", "no_secret")}./sandbox.sh env`;
    await expect(runShell(script, folder)).rejects.toThrow(/ended with 2: [^]*SW_SECRET/);
  }, 60_000);

  test("has no file with the secret", async () => {
    expect(await inSandbox("ls / /agent/../..")).not.toContain("sw_secret");
    expect(await inSandbox(`sh -c 'cat ${folder}/../../sw_secret || true'`)).toContain("No such");
  }, 60_000);
});
