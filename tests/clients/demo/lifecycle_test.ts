import { expect, test } from "bun:test";
import { requirement } from "../../support/requirement.ts";
import { startDemo } from "./started_demo.ts";

const pgrep = await requirement("pgrep", async () => {
  const path = Bun.which("pgrep");
  if (!path) throw new Error("there is no pgrep in PATH, which finds the gateway's process");
  return path;
});

const GATEWAY = /Gateway +(\S+)/;

test("the demo, told to end: takes the gateway with it", async () => {
  const demo = await startDemo();
  const gateway = GATEWAY.exec(demo.printed())?.[1] ?? "";
  expect((await fetch(gateway)).status).toBe(400);
  expect(await demo.stop()).toBe(0);
  await expect(fetch(gateway)).rejects.toThrow();
  expect(await demo.complaints).toBe("");
}, 30_000);

test.skipIf("reason" in pgrep)(
  "the demo, when the gateway dies: ends with an error",
  async () => {
    if ("reason" in pgrep) throw new Error(pgrep.reason);
    const demo = await startDemo();
    const children = Bun.spawn([pgrep.value, "-P", String(demo.pid)], { stdout: "pipe" });
    process.kill(Number(await new Response(children.stdout).text()), "SIGKILL");
    expect(await demo.exited).toBe(1);
    expect(await demo.complaints).toContain("The gateway ended");
  },
  30_000,
);

test("the demo with a key for OpenAI: goes there, and never prints the key", async () => {
  const env = { OPENAI_API_KEY: "sk-of-the-test", OPENAI_MODEL: "gpt-of-the-test" };
  const demo = await startDemo({ env });
  await demo.stop();
  const { url, token } = demo.commands;
  expect(url).toContain(encodeURIComponent("https://api.openai.com/v1/chat/completions"));
  expect(token).toEndWith("/api.openai.com/v1/chat/completions'");
  for (const command of [url, token]) expect(command).toContain("gpt-of-the-test");
  expect(demo.printed() + (await demo.complaints)).not.toContain("sk-of-the-test");
}, 30_000);
