import {
  afterAll,
  beforeEach,
  afterEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { tokenScope } from "../../../lib/gateway/ledger/forms/scope.ts";
import { record } from "../../unit/runtime/admin/counted_record.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { launchChromium, type Page } from "../chromium.ts";
import { openPage, type OpenedPage } from "../demo/opened_page.ts";
import { type DashboardStage, openOne, startDashboard } from "./stage.ts";

// The lists are asked for every few seconds.
setDefaultTimeout(60_000);

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

  const open = async () => {
    await page.goto(stage.origin);
    await page.getByText("Live", { exact: true }).waitFor();
  };
  const focused = () =>
    page.evaluate(() => {
      const { ariaLabel, textContent } = document.activeElement!;
      return ariaLabel ?? textContent;
    });
  const refuse = (requestId: string) =>
    stage.observe(record({ requestId, status: 429, outcome: "refused", code: "rate_limited" }));

  test("keeps the focus in lists that change", async () => {
    stage.exchanges.push(openOne("first"), openOne("second"));
    refuse("refused");
    await open();
    await page.getByRole("button", { name: "End the request second" }).focus();
    stage.exchanges.shift();
    stage.exchanges.push(openOne("third"));
    await page.getByText("user of third").waitFor();
    expect(await focused()).toBe("End the request second");
    expect(await page.locator("#open tbody tr").count()).toBe(2);

    await page.locator("summary").focus();
    await page.keyboard.press("Enter");
    refuse("refused again");
    await page.getByText("2 × rate_limited (429)").waitFor();
    expect(await focused()).toBe("2 × rate_limited (429)");
    await page.locator("#why td", { hasText: "refused again" }).waitFor();
  });

  test("sees no row of a request that ended, also where two have one id", async () => {
    stage.exchanges.push(openOne("same"), openOne("same"), openOne("third"));
    await open();
    await page.getByText("user of third").waitFor();
    stage.exchanges.splice(0, 2);
    await page.locator("#open-page").getByText("1 to 1 of 1").waitFor();
    expect(await page.locator("#open tbody tr").count()).toBe(1);
  });

  test("turns the pages of what is open and revoked", async () => {
    for (let i = 0; i < 60; i++) {
      stage.exchanges.push({ ...openOne(`open-${i}`), since: new Date(i * 1000).toISOString() });
      await stage.revoke(`user-${i}`);
      // The list is in the order of milliseconds.
      await Bun.sleep(2);
    }
    await open();
    for (const [id, last] of [
      ["open", "user of open-59"],
      ["revoked", "the end user user-0"],
    ] as const) {
      const place = page.locator(`#${id}-page`);
      const next = page.locator(`#${id}-next`);
      await next.click();
      await place.getByText("26 to 50 of 60").waitFor();
      await page.keyboard.press("Enter");
      await place.getByText("51 to 60 of 60").waitFor();
      await page.getByText(last, { exact: true }).waitFor();
      expect(await next.isDisabled()).toBe(true);
      expect(await focused()).toStartWith("Previous page");
    }
    // All but three end meanwhile.
    stage.exchanges.length = 3;
    await page.locator("#open-page").getByText("1 to 3 of 3").waitFor();
  });

  test("is told why nothing was ended", async () => {
    stage.exchanges.push(openOne("first"));
    await open();
    await page.getByRole("button", { name: "End the request first" }).click();
    await page.getByRole("button", { name: "Yes" }).click();
    await page.getByText("No open exchange has this id.").waitFor();
  });

  test("finds the counters of a token of an identity provider", async () => {
    await stage.use(tokenScope("https://issuer.example", "a jti"));
    await open();
    const form = page.locator("#left-form");
    await form.getByLabel("App").fill("web");
    await form.getByLabel("Token (jti)").fill("a jti");
    await form.getByLabel("Issuer of the token").fill("https://issuer.example");
    await form.getByRole("button").click();
    await page.locator("#left td", { hasText: "uses" }).waitFor();
  });

  test("with a wrong clock revokes what was issued before the gateway's now", async () => {
    stage.exchanges.push(openOne("first"));
    await page.clock.setSystemTime(Date.now() - 3_600_000);
    await open();
    await page.locator("#open td", { hasText: /^\d s$/ }).waitFor();
    const form = page.locator("#revoke-form");
    await form.getByLabel("App").fill("web");
    await form.getByRole("button").click();
    // Without an end user the form is not sent.
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    await form.getByLabel("Revoke").selectOption("all from before now");
    expect(await form.getByLabel("Which").isDisabled()).toBe(true);
    await form.getByRole("button").click();
    const sent = page.waitForRequest((request) => request.method() === "POST");
    await page.getByRole("button", { name: "Yes" }).click();
    const { before } = (await sent).postDataJSON() as { before: string };
    expect(Math.abs(Date.parse(before) - Date.now())).toBeLessThan(30_000);
    await page.locator("#revoke-result").getByText("Revoked: ").waitFor();
  });

  test("sees the answer to the last word of a search", async () => {
    stage.observe(record({ app: "one" }));
    stage.observe(record({ app: "other" }));
    await open();
    await page.route(/search=one&/, async (route) => {
      const response = await route.fetch();
      await Bun.sleep(1_000);
      await route.fulfill({ response });
    });
    const late = page.waitForResponse(/search=one&/);
    await page.getByLabel("Search").fill("one");
    await page.getByLabel("Search").fill("other");
    await page.getByText("1 to 1 of 1").waitFor();
    await late;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    expect(await page.locator("#who tbody td").first().innerText()).toBe("other");
  });

  test("gets live numbers again after a proxy's error, with what happened meanwhile", async () => {
    const broken = /\/api\/events$/;
    await page.route(broken, (route) => route.fulfill({ status: 502, body: "Bad Gateway" }));
    await page.goto(stage.origin);
    await page.getByText("Connection lost").waitFor();
    const overview = page.waitForResponse((response) => response.url().endsWith("/api/overview"));
    await page.unroute(broken);
    await page.getByText("Live", { exact: true }).waitFor();
    await overview;
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
