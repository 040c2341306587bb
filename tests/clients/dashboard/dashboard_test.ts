import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { bundleDashboard } from "../../../build/dashboard_page.ts";
import assets from "../../../lib/runtime/admin/page/assets.json" with { type: "json" };
import {
  ADMIN_TOKEN,
  type AdminGateway,
  ask,
  openSocket,
  openStream,
  startAdmin,
  startEndless,
  tokenOf,
} from "../../server/admin/revoking_stage.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { launchChromium } from "../chromium.ts";
import { openPage, type OpenedPage } from "../demo/opened_page.ts";
import { violationsIn } from "./violations.ts";

const chromium = await launchChromium();
// With PICTURES=docs/images it makes those of docs/dashboard.md.
const FOLDER = process.env["PICTURES"] ?? ".cache/screenshots";
const SCREENSHOTS = `${new URL("../../..", import.meta.url).pathname}/${FOLDER}/`;
const upstream = startEndless();
const { host } = upstream;
const ODD = `<img src=x onerror="document.title='hacked'">`;
let gateway: AdminGateway;

beforeAll(async () => {
  const { id, secret } = { id: "test-app", secret: "a secret for tests, of 32 bytes." };
  const app = [
    {
      id,
      secrets: [secret],
      limits: { uses: 1000 },
      upstream: [{ url: upstream.url, provider: "openai" as const }],
    },
  ];
  gateway = await startAdmin(upstream.url, { workers: 2, app });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
  if ("value" in chromium) await chromium.value.close();
}, 60_000);

async function openDashboard(options = {}): Promise<OpenedPage> {
  const opened = await openPage(chromium, gateway.admin, options);
  await opened.page.getByLabel("Admin token").fill(ADMIN_TOKEN);
  await opened.page.getByRole("button", { name: "Log in" }).click();
  await opened.page.getByText("Live", { exact: true }).waitFor();
  return opened;
}

const tile = async ({ page }: OpenedPage, name: string): Promise<string> =>
  page.locator("#tiles div", { hasText: name }).locator("dd").innerText();

test("a wrong token brings the form again, which says so", async () => {
  const { page } = await openPage(chromium, gateway.admin);
  await page.getByLabel("Admin token").fill("a wrong token");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("The admin token is wrong.").waitFor();
  await page.getByLabel("Admin token").fill(ADMIN_TOKEN);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
});

test("the page is what its sources make", async () => {
  expect(await bundleDashboard()).toEqual(assets);
});

describe.skipIf("reason" in chromium)("the dashboard in Chromium", () => {
  // What the test itself counts.
  const counted = { requests: 0, errors: 0 };
  const send = async (claims: object, expected: string) => {
    counted.requests++;
    if (expected !== "200") counted.errors++;
    expect(await ask(gateway, host, await tokenOf(claims))).toBe(expected);
  };

  test("shows the numbers that the test counted, while traffic goes on", async () => {
    const opened = await openDashboard();
    const { page } = opened;
    for (let i = 0; i < 20; i++) await send({ subject: `user-${i % 5}` }, "200");
    for (let i = 0; i < 3; i++) await send({ now: new Date(0), expires: 1 }, "token_expired");
    await send({ subject: ODD }, "200");
    const streams = [1, 2, 3].map(async (i) =>
      openStream(gateway, host, await tokenOf({ subject: `open-${i}` })),
    );
    const [first] = await Promise.all(streams);
    const socket = await openSocket(gateway, host, await tokenOf({ subject: "on a socket" }));
    await waitUntil("the numbers", async () => {
      const seen = [
        await tile(opened, "Requests since the start"),
        await tile(opened, "Errors since the start"),
        await tile(opened, "Open requests"),
        await tile(opened, "Open WebSockets"),
      ];
      return seen.join() === [counted.requests, counted.errors, 3, 1].join();
    });
    await page.getByText("3 × token_expired (401)").waitFor();
    await page.getByLabel("Usage of").selectOption("subjects");
    await page.getByLabel("Search").fill("user-3");
    await waitUntil("the row", async () => {
      const cells = await page.locator("#who tbody tr").allInnerTexts();
      return cells.length === 1 && /test-app\s+user-3\s+4\s+0\s/.test(cells[0]!);
    });
    await page.getByLabel("Search").fill("onerror");
    await page.locator("#who td", { hasText: ODD }).waitFor();
    expect([await page.title(), await page.locator("img").count()]).toEqual(["Signway", 0]);

    // Ends one, and revokes another.
    await page.locator("#open tr", { hasText: "open-1" }).getByRole("button").click();
    await page.getByRole("button", { name: "Yes" }).click();
    expect(await first!.ended).toContain("ended_by_operator");
    counted.requests++;
    counted.errors++;
    const form = page.locator("#revoke-form");
    await form.getByLabel("App").fill("test-app");
    await form.getByLabel("Which").fill("on a socket");
    await form.getByRole("button").click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await form.getByRole("button").click();
    await page.getByRole("button", { name: "Yes" }).click();
    expect(await socket.ended).toBe("1008 token_revoked");
    await page.getByText("Revoked: 2 of 2 processes know it.").waitFor();
    await page.locator("#left-form").getByLabel("App").fill("test-app");
    await page.getByRole("button", { name: "Show" }).click();
    await page.locator("#left td", { hasText: "uses" }).waitFor();
    expect(opened.errors).toEqual([]);
    const origins = new Set(opened.requests.map(({ url }) => new URL(url).origin));
    expect([...origins]).toEqual([gateway.admin]);
    await opened.close();
  }, 60_000);

  test.each([
    ["light", "desktop", { width: 1280, height: 900 }],
    ["dark", "phone", { width: 390, height: 844 }],
    ["dark", "desktop", { width: 1280, height: 900 }],
    ["light", "phone", { width: 390, height: 844 }],
  ] as const)(
    "breaks no rule of axe-core in %s on a %s",
    async (colorScheme, device, viewport) => {
      const opened = await openDashboard({ colorScheme, viewport });
      const { page } = opened;
      await page.getByText("token_expired (401)").click();
      await page.locator("#who td").first().waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({
        path: `${SCREENSHOTS}dashboard_${colorScheme}_${device}.png`,
        fullPage: device === "desktop",
      });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(viewport.width);
      const sideways = await page.evaluate(() =>
        [...document.querySelectorAll(".scroll")]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map((found) => found.getAttribute("aria-label")),
      );
      expect(sideways).toEqual([]);
      expect(await violationsIn(page)).toEqual([]);
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("Admin token").waitFor();
      expect(await violationsIn(page)).toEqual([]);
      await opened.close();
    },
    60_000,
  );

  test("says when it has lost the connection", async () => {
    await using other = await startAdmin(upstream.url);
    const { page, close } = await openPage(chromium, other.admin);
    await page.getByLabel("Admin token").fill(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await page.getByText("Live", { exact: true }).waitFor();
    await other.stop("SIGKILL");
    await page.getByText("Connection lost").waitFor();
    await close();
  }, 60_000);
});
