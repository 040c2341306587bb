import { expect, test } from "bun:test";

// For each number of workers.
const SECONDS = process.env["SIGNWAY_LONG_TESTS"] ? 120 : 20;

test.each([1, 2])(
  "every exchange is complete and identical, or visibly failed; workers: %i",
  async (workers) => {
    const args = ["--seconds", String(SECONDS), "--workers", String(workers)];
    const child = Bun.spawn([process.execPath, `${import.meta.dirname}/main.ts`, ...args], {
      stdout: "pipe",
      stderr: "inherit",
    });
    const output = await new Response(child.stdout).text();
    console.log(output);
    expect(output).toMatch(/^exchanges: \d{3,}, errors: 0$/m);
    expect(await child.exited).toBe(0);
  },
  (SECONDS + 60) * 1000,
);
