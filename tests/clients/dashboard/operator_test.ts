import { afterAll, beforeEach, afterEach, describe, test } from "bun:test";
import { waitUntil } from "../../support/wait_until.ts";
import { launchChromium, type Page } from "../chromium.ts";
import { openPage, type OpenedPage } from "../demo/opened_page.ts";
import { type DashboardStage, startDashboard } from "./stage.ts";

const chromium = await launchChromium();
afterAll(async () => {
  if ("value" in chromium) await chromium.value.close();
});

describe.skipIf("reason" in chromium)("an operator at the dashboard", () => {
  let stage: DashboardStage;
  let opened: OpenedPage;
  let page: Page;
  beforeEach(async () => {
    stage = startDashboard();
    opened = await openPage(chromium, stage.origin);
    page = opened.page;
    await page.context().addCookies([await stage.logIn()]);
  });
  afterEach(async () => {
    await opened.close();
    await stage.stop();
  });

  test("gets live numbers again after a proxy's error, with what happened meanwhile", async () => {
    const broken = /\/api\/events$/;
    await page.route(broken, (route) => route.fulfill({ status: 502, body: "Bad Gateway" }));
    await page.goto(stage.origin);
    await page.getByText("Connection lost").waitFor();
    const hourAgo = page.waitForResponse((response) => response.url().endsWith("/api/overview"));
    await page.unroute(broken);
    await page.getByText("Live", { exact: true }).waitFor();
    await hourAgo;
  });

  test("is told of a connection that is silent", async () => {
    await page.clock.install();
    await page.route(/\/api\/events$/, (route) => void route);
    await page.goto(stage.origin);
    await page.locator("#about", { hasText: "up" }).waitFor();
    await page.clock.fastForward(15_000);
    await waitUntil("the notice", () => page.getByText("Connection lost").isVisible());
  });
});
