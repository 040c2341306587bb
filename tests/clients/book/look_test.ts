import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { ROOT } from "../../support/root.ts";
import { launchChromium } from "../chromium.ts";
import { violationsIn } from "../dashboard/violations.ts";
import { openPage } from "../demo/opened_page.ts";
import { builtBook, serveBook } from "./built_book.ts";

const PAGES = ["", "getting_started", "concepts", "errors", "cli", "signing/go", "examples/hono"];
const SCREENS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
};
const VIEWS = Object.entries(SCREENS).flatMap(([screen, viewport]) =>
  (["light", "dark"] as const).map((colorScheme) => [screen, colorScheme, viewport] as const),
);
const FOLDER = `${ROOT}/.cache/screenshots`;

const chromium = await launchChromium();
const server = serveBook(await builtBook());
mkdirSync(FOLDER, { recursive: true });
afterAll(async () => {
  await server.stop(true);
  if ("value" in chromium) await chromium.value.close();
});

describe.skipIf("reason" in chromium)("the book in a browser", () => {
  test.each(VIEWS)(
    "axe-core finds nothing on a %s, %s",
    async (screen, colorScheme, viewport) => {
      const { page, errors, requests, close } = await openPage(chromium, server.url.href, {
        colorScheme,
        viewport,
      });
      for (const name of PAGES) {
        await page.goto(`${server.url}${name === "" ? "" : `${name}.html`}`);
        await page.screenshot({
          path: `${FOLDER}/book_${name.replace("/", "_")}_${screen}_${colorScheme}.png`,
        });
        expect([name, await violationsIn(page)]).toEqual([name, []]);
        // Nothing makes the page itself wider than its screen.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
          viewport.width,
        );
      }
      expect(errors).toEqual([]);
      // Nothing comes from elsewhere.
      expect(requests.filter(({ url }) => !url.startsWith(server.url.origin))).toEqual([]);
      await close();
    },
    120_000,
  );

  test("its search leads to the page of a code", async () => {
    const { page, close } = await openPage(chromium, server.url.href);
    await page.getByRole("button", { name: "Search" }).first().click();
    await page.getByRole("searchbox").fill("budget_reserved");
    await page.locator("#localsearch-list a[href*='/errors.html']").first().click();
    await page.waitForURL("**/errors.html**");
    await close();
  });
});
