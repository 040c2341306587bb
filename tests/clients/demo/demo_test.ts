import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { parseToken } from "../../../lib/signing/verify.ts";
import { launchChromium } from "../chromium.ts";
import { startDemo, type StartedDemo } from "./started_demo.ts";

const chromium = await launchChromium();
const SCREENSHOTS = fileURLToPath(new URL("../../../.cache/screenshots/", import.meta.url));
const QUESTION = "Who carries the key, when I do not?";
const WAYS = ["url", "token"] as const;

let demo: StartedDemo;
beforeAll(async () => {
  demo = await startDemo();
}, 30_000);
afterAll(async () => {
  await demo.stop();
  if ("value" in chromium) await chromium.value.close();
});

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

test("the page that explains a signed URL is served, and linked", async () => {
  const explained = await fetch(new URL("/explain", demo.page));
  expect(explained.headers.get("content-type")).toStartWith("text/html");
  expect(await explained.text()).toContain(
    "<title>Signway: a signed URL or token explained</title>",
  );
  expect(await (await fetch(demo.page)).text()).toContain('href="/explain"');
});

describe.skipIf("reason" in chromium)("the page in Chromium", () => {
  test("streams an answer token by token", async () => {
    const { page, errors } = await openPage();
    await page.getByLabel("Your question").fill(QUESTION);
    await page.keyboard.press("Enter");
    const answer = page.locator(".answer");
    const lengths = new Set<number>();
    const log = page.getByRole("log");
    await answer.waitFor();
    while ((await log.getAttribute("aria-busy")) === "true") {
      lengths.add((await answer.textContent())?.length ?? 0);
      await Bun.sleep(50);
    }
    expect([...lengths]).toEqual([...lengths].toSorted((a, b) => a - b));
    expect(lengths.size).toBeGreaterThan(5);
    expect(await answer.textContent()).toContain(`“${QUESTION}”`);
    expect(await page.locator("#url").textContent()).toContain("&X-Sw-Signature=");
    await page.screenshot({ path: `${SCREENSHOTS}demo_answer.png` });
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  test.each([
    ["Let the URL expire", "expired"],
    ["Change the body", "signature_mismatch"],
  ])(
    "%s: shows the problem %s",
    async (button, code) => {
      const { page, errors } = await openPage();
      await page.getByRole("button", { name: button }).click();
      const problem = page.locator(".problem");
      expect(await problem.locator(".code").textContent()).toBe(code);
      expect(await problem.locator(".status").textContent()).toBe("400");
      expect(await problem.locator(".title").textContent()).not.toBe("");
      expect(await problem.locator(".detail").textContent()).not.toBe("");
      await page.screenshot({ path: `${SCREENSHOTS}demo_${code}.png` });
      // Chromium itself reports the refused request, and nothing else may be wrong.
      expect(errors).toEqual([expect.stringContaining("status of 400")]);
      await page.close();
    },
    30_000,
  );

  test("asks for another URL when the first has expired on its way", async () => {
    const { page, errors } = await openPage();
    const signed: string[] = [];
    await page.route("**/sign", async (route) => {
      const request = route.request().postDataJSON() as { body: string; expires: number };
      // A URL that holds for no second at all has expired when the gateway sees it.
      const expires = signed.push(request.body) === 1 ? 0 : request.expires;
      await route.continue({ postData: JSON.stringify({ ...request, expires }) });
    });
    await page.getByRole("button", { name: QUESTION }).click();
    await page.getByRole("log").and(page.locator("[aria-busy=false]")).waitFor();
    expect(await page.locator(".answer").textContent()).toContain(`“${QUESTION}”`);
    expect(await page.locator(".problem").count()).toBe(0);
    expect(signed).toHaveLength(2);
    expect(signed[0]).toBe(signed[1]!);
    expect(errors).toEqual([expect.stringContaining("status of 400")]);
    await page.close();
  }, 30_000);

  test("stops an answer when it is told to", async () => {
    const { page, errors } = await openPage();
    await page.getByRole("button", { name: QUESTION }).click();
    await page.locator(".answer:not(:empty)").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped.").waitFor();
    const answer = await page.locator(".answer").textContent();
    await Bun.sleep(200);
    expect(await page.locator(".answer").textContent()).toBe(answer);
    expect(errors).toEqual([]);
    await page.close();
  }, 30_000);

  test("fits a phone, light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openPage({ colorScheme, viewport: { width: 360, height: 740 } });
      await page.getByRole("button", { name: QUESTION }).click();
      await page.locator(".answer:not(:empty)").waitFor();
      await page.screenshot({ path: `${SCREENSHOTS}demo_phone_${colorScheme}.png` });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await page.close();
    }
  }, 30_000);
});

async function openPage(options = {}) {
  if ("reason" in chromium) throw new Error(chromium.reason);
  const page = await chromium.value.newPage(options);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(demo.page);
  return { page, errors };
}

function tokenIn(command: string): string {
  return /Bearer ([^']+)'/.exec(command)?.[1] ?? "";
}
