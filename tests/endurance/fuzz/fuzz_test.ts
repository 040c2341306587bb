import { describe, expect, test } from "bun:test";

const IS_LONG = Boolean(process.env["SIGNWAY_LONG_TESTS"]);

/** Runs some parts for so many seconds; what was printed. */
async function fuzz(parts: readonly string[], seconds: number): Promise<string> {
  const args = ["--seconds", String(seconds), ...parts.flatMap((part) => ["--part", part])];
  const child = Bun.spawn([process.execPath, `${import.meta.dirname}/main.ts`, ...args], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const output = await new Response(child.stdout).text();
  console.log(output);
  expect(output).toMatch(/^findings: 0$/m);
  expect(await child.exited).toBe(0);
  return output;
}

// Side by side: each has its seconds, and a machine with two cores needs half the time.
describe("neither accepted by mistake nor crash anything:", () => {
  const parts = ["url_verifier", "header_verifier", "front_door"];
  test.concurrent(
    "mutated requests",
    async () => {
      const output = await fuzz(parts, IS_LONG ? 60 : 10);
      expect(output).toMatch(/^ {2}signature_mismatch: \d+$/m);
      expect(output).toMatch(/^ {2}400: \d+$/m);
    },
    120_000,
  );

  test.concurrent(
    "tokens and their slots",
    async () => {
      const output = await fuzz(["token_verifier", "token_slots"], IS_LONG ? 60 : 20);
      expect(output).toMatch(/^ {2}token_signature_mismatch: \d+$/m);
      expect(output).toMatch(/^ {2}200: \d+$/m);
      expect(output).toMatch(/^ {2}401: \d+$/m);
    },
    120_000,
  );

  test.concurrent(
    "requests with odd Host headers",
    async () => {
      const output = await fuzz(["host_headers"], IS_LONG ? 60 : 20);
      expect(output).toMatch(/^ {2}200: \d+$/m);
      expect(output).toMatch(/^ {2}400: \d+$/m);
    },
    120_000,
  );

  test.concurrent(
    "bodies that parsers of JSON read in different ways",
    async () => {
      const output = await fuzz(["policy_bodies"], IS_LONG ? 60 : 20);
      expect(output).toMatch(/^ {2}forwarded: \d{3,}$/m);
      expect(output).toMatch(/^ {2}body_malformed: \d{3,}$/m);
      expect(output).toMatch(/^ {2}refused, and read in different ways by others: \d{3,}$/m);
    },
    120_000,
  );

  test.concurrent(
    "odd responses of upstreams",
    async () => {
      const output = await fuzz(["upstream_responses"], IS_LONG ? 60 : 20);
      expect(output).toMatch(/^ {2}whole: passed: \d+$/m);
      expect(output).toMatch(/^ {2}broken: problem 502: \d+$/m);
    },
    120_000,
  );
});
