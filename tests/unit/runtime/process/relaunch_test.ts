import { describe, expect, test } from "bun:test";
import { withRuntimeSettings } from "../../../../lib/runtime/process/relaunch.ts";

/** Prints at which of its calls a function is compiled by the compiler for hot code. */
const PROGRAM = `
import { numberOfDFGCompiles } from "bun:jsc";
const greet = (name) => ({ name, text: "Hello " + name });
let calls = 0;
while (numberOfDFGCompiles(greet) === 0 && calls < 1000) greet("caller " + ++calls);
process.stdout.write(String(calls));`;

describe("withRuntimeSettings", () => {
  test("adds to the variables, and replaces none", () => {
    expect(withRuntimeSettings({ PATH: "/bin" })).toMatchObject({
      PATH: "/bin",
      BUN_CONFIG_MAX_HTTP_REQUESTS: "65535",
    });
    const own = {
      BUN_CONFIG_MAX_HTTP_REQUESTS: "9",
      BUN_JSC_executionCounterIncrementForEntry: "30",
    };
    expect(withRuntimeSettings(own)).toEqual(own);
  });

  test("lets the runtime compile a function after fewer calls", async () => {
    const before = await callsUntilCompiled({});
    const after = await callsUntilCompiled(withRuntimeSettings({}));
    expect(after).toBeGreaterThan(1);
    expect(after / before).toBeLessThan(0.75);
  });
});

async function callsUntilCompiled(env: Record<string, string | undefined>): Promise<number> {
  // Otherwise another thread compiles, and takes some time.
  const atOnce = { BUN_JSC_useConcurrentJIT: "0" };
  const child = Bun.spawn([process.execPath, "--eval", PROGRAM], {
    env: { ...env, ...atOnce },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return Number(await new Response(child.stdout).text());
}
