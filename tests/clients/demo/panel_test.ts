import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { launchChromium, type Page } from "../chromium.ts";
import { openPage } from "./opened_page.ts";
import { startDemo, type StartedDemo } from "./started_demo.ts";

const chromium = await launchChromium();
const SCREENSHOTS = fileURLToPath(new URL("../../../.cache/screenshots/", import.meta.url));
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

let demo: StartedDemo;
beforeAll(async () => {
  demo = await startDemo();
}, 30_000);
afterAll(async () => {
  await demo.stop();
  if ("value" in chromium) await chromium.value.close();
});

describe.skipIf("reason" in chromium)("the credential in hand, in Chromium", () => {
  test.each([
    ["an access token", "Another path", "Copy the token", /^eyJ[\w-]+\.[\w-]+\.[\w-]{43}$/],
    ["a signed URL", "Change the body", "Copy the URL", /^http:.*&X-Sw-Signature=[0-9a-f]{64}$/],
  ])("%s: is copied as it is", async (way, trial, button, form) => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const { page, close } = await openPage(chromium, demo.page, { permissions });
    await page.getByRole("radio", { name: way }).check();
    await page.getByRole("button", { name: trial }).click();
    await page.getByRole("button", { name: button }).click();
    await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(form);
    expect(copied).toBe((await page.locator(".line:visible").textContent())!);
    await close();
  });

  test("is selected where a page may not write to the clipboard", async () => {
    const { page, close } = await openPage(chromium, demo.page);
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
    });
    await page.getByRole("button", { name: "Another path" }).click();
    await page.getByRole("button", { name: "Copy the token" }).click();
    await page.getByText("Selected.").waitFor();
    const selected = await page.evaluate(() => String(getSelection()));
    expect(selected).toBe((await page.locator("#token .line").textContent())!);
    await close();
  });

  test("shows what the token says", async () => {
    const { page, close } = await openPage(chromium, demo.page);
    await page.getByRole("button", { name: "Another path" }).click();
    await page.locator(".problem").waitFor();
    const values = await page.locator("#token .value").allTextContents();
    const origin = new URL(demo.page).origin;
    expect(values).toEqual([
      "demo",
      "visitor",
      expect.stringMatching(/^\d\d:\d\d:\d\d, in (5 min|4 min \d+ s)$/),
      expect.stringMatching(/^POST http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions$/),
      `${origin}\n${origin.replace("127.0.0.1", "localhost")}`,
      "120",
    ]);
    await close();
  });

  test.each(["light", "dark"] as const)("is found on a phone, %s", async (colorScheme) => {
    const { page, close } = await openPage(chromium, demo.page, { ...PHONE, colorScheme });
    const shoot = (name: string) =>
      page.screenshot({ path: `${SCREENSHOTS}demo_phone_${name}_${colorScheme}.png` });
    expect(await widthOf(page)).toBe(360);
    await page.getByRole("button", { name: "Who carries the key, when I do not?" }).click();
    await page.locator(".answer:not(:empty)").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Another origin" }).click();
    await page.locator(".problem").waitFor();
    expect(await widthOf(page)).toBe(360);
    await shoot("refused");
    expect(await page.getByRole("button", { name: "Copy the token" }).isVisible()).toBe(false);
    await page.getByRole("link", { name: "Show token" }).click();
    await page.getByRole("button", { name: "Copy the token" }).click();
    await page.getByText("https://another.example").last().scrollIntoViewIfNeeded();
    expect(await page.getByLabel("Your question").isVisible()).toBe(false);
    expect(await widthOf(page)).toBe(360);
    await shoot("token");
    await page.getByRole("link", { name: "Back to chat" }).click();
    expect(await page.getByLabel("Your question").isVisible()).toBe(true);
    await page.getByRole("radio", { name: "a signed URL" }).check();
    await page.getByRole("button", { name: "Change the body" }).click();
    await page.getByText("signature_mismatch").first().waitFor();
    await page.getByRole("link", { name: "Show URL" }).click();
    await page.getByRole("button", { name: "Copy the URL" }).click();
    expect(await widthOf(page)).toBe(360);
    await close();
  });
});

function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}
