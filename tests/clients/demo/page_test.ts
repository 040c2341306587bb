import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { launchChromium, type Page } from "../chromium.ts";
import { type OpenedPage, openPage } from "./opened_page.ts";
import { startDemo, type StartedDemo } from "./started_demo.ts";

const chromium = await launchChromium();
const SCREENSHOTS = fileURLToPath(new URL("../../../.cache/screenshots/", import.meta.url));
const QUESTION = "Who carries the key, when I do not?";
const WAYS = { token: "an access token", url: "a signed URL" };
const LINES = { token: "#token .line", url: "#signed-url .line" };

let demo: StartedDemo;
beforeAll(async () => {
  demo = await startDemo({ args: ["--verbose"] });
}, 30_000);
afterAll(async () => {
  await demo.stop();
  if ("value" in chromium) await chromium.value.close();
});

const open = (options = {}): Promise<OpenedPage> => openPage(chromium, demo.page, options);
const gatewayUrl = (): string => /Gateway +(\S+)/.exec(demo.printed())?.[1] ?? "";

async function choose(page: Page, way: keyof typeof WAYS): Promise<void> {
  await page.getByRole("radio", { name: WAYS[way] }).check();
}

/** Asks, and stops the answer at its first words. */
async function askBriefly(page: Page, question = QUESTION): Promise<void> {
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
  await page.locator(".answer:not(:empty)").last().waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Send" }).waitFor();
}

describe.skipIf("reason" in chromium)("the page in Chromium", () => {
  test.each(["token", "url"] as const)(
    "by %s: streams an answer token by token",
    async (way) => {
      const { page, errors, requests, close } = await open();
      await choose(page, way);
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
      const credential = await page.locator(LINES[way]).textContent();
      const { url, headers } = requests.find(({ url }) => url.startsWith(gatewayUrl()))!;
      const sent = { token: headers["authorization"], url };
      expect(sent[way]).toBe(way === "token" ? `Bearer ${credential}` : credential!);
      expect(headers["x-stainless-lang"]).toBe("js");
      const isNear = ({ url }: { url: string }) =>
        [gatewayUrl(), new URL(demo.page).origin].includes(new URL(url).origin);
      expect(requests.filter((request) => !isNear(request))).toEqual([]);
      await page.screenshot({ path: `${SCREENSHOTS}demo_answer_${way}.png` });
      expect(errors).toEqual([]);
      await close();
    },
    60_000,
  );

  test("asks the backend once for a token, and again when it is about to expire", async () => {
    const { page, errors, requests, close } = await open();
    const asked = () => requests.filter(({ url }) => url.endsWith("/token")).length;
    await page.route("**/token", async (route) => {
      const wish = route.request().postDataJSON() as object;
      const short = asked() === 1 ? { expires: 2 } : {};
      await route.continue({ postData: JSON.stringify({ ...wish, ...short }) });
    });
    await askBriefly(page);
    const first = await page.locator(LINES.token).textContent();
    await page.locator("#token time", { hasText: "expired" }).waitFor();
    await askBriefly(page);
    expect(await page.locator(LINES.token).textContent()).not.toBe(first);
    await askBriefly(page);
    expect(await page.locator("#sign").textContent()).toContain("not asked");
    expect(await page.locator("#token time").textContent()).toMatch(/^\d\d:\d\d:\d\d, in \d min/);
    expect(asked()).toBe(2);
    expect(errors).toEqual([]);
    await close();
  }, 30_000);

  test("asks for another URL when the first has expired on its way", async () => {
    const { page, errors, close } = await open();
    const signed: string[] = [];
    await page.route("**/sign", async (route) => {
      const request = route.request().postDataJSON() as { body: string; expires: number };
      // A URL that holds for no second at all has expired when the gateway sees it.
      const expires = signed.push(request.body) === 1 ? 0 : request.expires;
      await route.continue({ postData: JSON.stringify({ ...request, expires }) });
    });
    await choose(page, "url");
    await askBriefly(page);
    expect(await page.locator(".answer").textContent()).not.toBe("");
    expect(await page.locator(".problem").count()).toBe(0);
    expect(signed).toHaveLength(2);
    expect(signed[0]).toBe(signed[1]!);
    expect(errors).toEqual([expect.stringContaining("status of 400")]);
    await close();
  }, 30_000);

  test("stops an answer when it is told to", async () => {
    const { page, errors, close } = await open();
    await askBriefly(page);
    await page.getByText("Stopped.").waitFor();
    expect(await page.locator("#stream").textContent()).toContain("stopped");
    const answer = await page.locator(".answer").textContent();
    await Bun.sleep(200);
    expect(await page.locator(".answer").textContent()).toBe(answer);
    expect(errors).toEqual([]);
    await close();
  }, 30_000);

  test("shows markup in an answer as text", async () => {
    const { page, errors, close } = await open();
    const markup = "<img/src=x/onerror=alert(1)>";
    await page.getByLabel("Your question").fill(markup);
    await page.keyboard.press("Enter");
    await page.locator(".answer", { hasText: markup }).waitFor();
    expect(await page.locator("#log img").count()).toBe(0);
    // The page's own policy refuses what its scripts might do.
    const assign = () => void (document.body.innerHTML = "<p>markup</p>");
    expect(await page.evaluate(assign).catch(String)).toContain("TrustedHTML");
    expect(errors).toEqual([expect.stringContaining("TrustedHTML")]);
    await close();
  }, 30_000);

  test("the demo prints no token but that of its command, nor does its gateway", async () => {
    expect(await demo.stop()).toBe(0);
    const complaints = await demo.complaints;
    expect(complaints).toContain('"msg":"request"');
    expect(demo.printed().match(/eyJ/g)).toHaveLength(2);
    expect(demo.commands.token.match(/eyJ/g)).toHaveLength(2);
    expect(complaints).not.toMatch(/eyJ|X-Sw-Signature/);
  });
});
