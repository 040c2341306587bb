import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { launchChromium } from "../chromium.ts";
import { type OpenedPage, openPage } from "./opened_page.ts";
import { startDemo, type StartedDemo } from "./started_demo.ts";

const chromium = await launchChromium();

let demo: StartedDemo;
let opened: OpenedPage;
beforeAll(async () => {
  demo = await startDemo();
  if ("value" in chromium) opened = await openPage(chromium, demo.page);
}, 30_000);
afterAll(async () => {
  await demo.stop();
  if ("value" in chromium) await chromium.value.close();
});

const GRANTS = /It may send POST to http:\S+\/v1\/chat\/completions\./;

/** What is clicked, what the gateway answers, and what the page that explains says of the credential. */
const TOKEN_TRIALS: [button: string, status: string, code: string, explained: RegExp][] = [
  ["Another path", "403", "target_not_granted", GRANTS],
  ["Another method", "403", "target_not_granted", GRANTS],
  ["Another host", "403", "target_not_granted", GRANTS],
  ["Let it expire", "401", "token_expired", /Refused[\s\S]*token_expired/],
  ["Change it", "401", "token_signature_mismatch", /after 3900 s/],
  ["Another origin", "403", "origin_not_granted", /Only pages of https:\/\/another\.example may/],
];
const URL_TRIALS: typeof TOKEN_TRIALS = [
  ["Let the URL expire", "400", "expired", /Refused[\s\S]*expired/],
  ["Change the body", "400", "signature_mismatch", /Body\s*signed/],
];
const CASES = [
  ...TOKEN_TRIALS.map((trial) => ["an access token", ...trial] as const),
  ...URL_TRIALS.map((trial) => ["a signed URL", ...trial] as const),
];

// One visit, in which one thing is tried after the other.
describe.skipIf("reason" in chromium)("what the gateway refuses, in Chromium", () => {
  test.each(CASES)(
    "%s, %s: %s %s, with a link that explains it",
    async (way, button, status, code, explained) => {
      const { page, errors, requests } = opened;
      const count = await page.locator(".problem").count();
      await page.getByRole("radio", { name: way }).check();
      await page.getByRole("button", { name: button }).click();
      const problem = page.locator(".problem").nth(count);
      expect(await problem.locator(".code").textContent()).toBe(code);
      expect(await problem.locator(".status").textContent()).toBe(status);
      for (const text of [".reason", ".title", ".detail", ".request_id"]) {
        expect(await problem.locator(text).textContent()).not.toBe("");
      }
      expect(await page.locator("#verify").textContent()).toContain(`refused: ${code}`);
      // Chromium itself reports the refused request. It was sent once, and nothing else is wrong.
      expect(errors.splice(0)).toEqual([expect.stringContaining(`status of ${status}`)]);

      const credential = await page.locator(".line:visible").textContent();
      const link = problem.getByRole("link", { name: "Explain" });
      const [explanation] = await Promise.all([page.waitForEvent("popup"), link.click()]);
      await explanation.waitForFunction(
        (pattern) => new RegExp(pattern).test(document.body?.innerText ?? ""),
        explained.source,
      );
      const field = explanation.getByLabel("Signed URL or access token");
      expect(await field.inputValue()).toBe(credential!);
      // What follows # does not leave the browser.
      expect(requests.at(-1)!.url).toBe(new URL("/explain", demo.page).href);
      await explanation.close();
    },
    30_000,
  );

  test("says so when the gateway is gone", async () => {
    const { page } = opened;
    await page.route("**/chat/completions", (route) => route.abort("connectionrefused"));
    await page.getByRole("radio", { name: "an access token" }).check();
    await page.getByLabel("Your question").fill("Is anybody there?");
    await page.keyboard.press("Enter");
    await page.getByText("The connection broke").waitFor();
    expect(await page.locator(".problem").last().locator(".explain").isVisible()).toBe(false);
  }, 30_000);
});
