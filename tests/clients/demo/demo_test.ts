import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseToken } from "../../../lib/signing/verify.ts";
import { startDemo, type StartedDemo } from "./started_demo.ts";

const QUESTION = "Who carries the key, when I do not?";
const WAYS = ["url", "token"] as const;

let demo: StartedDemo;
beforeAll(async () => {
  demo = await startDemo();
}, 30_000);
afterAll(() => demo.stop());

describe("the printed commands", () => {
  test.each(WAYS)(
    "with a %s: streams an answer, event by event",
    async (way) => {
      const reads: string[] = [];
      const command = ["sh", "-c", demo.commands[way]];
      const child = Bun.spawn(command, { stdout: "pipe", stderr: "ignore" });
      for await (const bytes of child.stdout) reads.push(new TextDecoder().decode(bytes));
      expect(await child.exited).toBe(0);
      expect(reads.length).toBeGreaterThan(5);
      const events = reads.join("").match(/^data: .*$/gm) ?? [];
      expect(events.at(-1)).toBe("data: [DONE]");
      const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)));
      const objects = chunks.map(({ object }) => object);
      expect(new Set(objects)).toEqual(new Set(["chat.completion.chunk"]));
      const answer = chunks.map(({ choices }) => choices[0].delta.content ?? "").join("");
      expect(answer).toContain(QUESTION);
    },
    30_000,
  );

  test("hold for ten minutes, and have no key", () => {
    expect(demo.commands.url).toContain("X-Sw-Expires=600");
    const { issuedAt = 0, expiresAt, ...token } = parseToken(tokenIn(demo.commands.token));
    expect(expiresAt - issuedAt).toBe(600_000);
    expect(demo.printed()).not.toMatch(/sk-/);
    expect(demo.printed().match(/bearer|authorization/gi)).toEqual(["authorization", "Bearer"]);
    // The one request, from wherever, and nothing that the gateway counts.
    expect(token.tokenId).toBeUndefined();
    expect(token.permits).toEqual({
      to: [{ methods: ["POST"], origin: expect.any(String), path: "/v1/chat/completions" }],
    });
  });
});

test("the page that explains a credential is served, and linked", async () => {
  const explained = await fetch(new URL("/explain", demo.page));
  expect(explained.headers.get("content-type")).toStartWith("text/html");
  expect(await explained.text()).toContain(
    "<title>Signway: a signed URL or token explained</title>",
  );
  expect(await (await fetch(demo.page)).text()).toContain('href="/explain"');
});

function tokenIn(command: string): string {
  return /Bearer ([^']+)'/.exec(command)?.[1] ?? "";
}
