import { expect, test } from "bun:test";

const SECONDS = process.env["SIGNWAY_LONG_TESTS"] ? 60 : 10;

test(
  "mutated requests are neither accepted by mistake nor crash anything",
  async () => {
    const args = ["--seconds", String(SECONDS)];
    const child = Bun.spawn([process.execPath, `${import.meta.dirname}/main.ts`, ...args], {
      stdout: "pipe",
      stderr: "inherit",
    });
    const output = await new Response(child.stdout).text();
    console.log(output);
    expect(output).toMatch(/^findings: 0$/m);
    expect(output).toMatch(/^ {2}signature_mismatch: \d+$/m);
    expect(output).toMatch(/^ {2}400: \d+$/m);
    expect(await child.exited).toBe(0);
  },
  (SECONDS + 60) * 1000,
);
