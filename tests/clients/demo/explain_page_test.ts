import { afterAll, describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { bundleExplainPage } from "../../../build/explain_page.ts";
import { signUrl } from "../../../lib/signing/mod.ts";
import { launchChromium, type Page } from "../chromium.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SECRET = "a secret that stays in the page";
const TARGET = "https://api.example.com/v1/chat?stream=true";
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

const html = await bundleExplainPage();
const chromium = await launchChromium();
const requests: string[] = [];
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    requests.push(new URL(request.url).pathname);
    return new Response(html, { headers: { "content-type": "text/html;charset=utf-8" } });
  },
});
afterAll(async () => {
  if ("value" in chromium) await chromium.value.close();
  await server.stop(true);
});

const sign = (now = new Date()) =>
  signUrl(TARGET, {
    gateway: "https://gateway.example",
    id: "web",
    secret: SECRET,
    method: "POST",
    expires: 600,
    now,
  });

const good = await sign();
const expired = await sign(new Date(Date.now() - 3_600_000));
const damaged = good.replace("X-Sw-Expires=600", "X-Sw-Expires=6x");

async function open(look: Parameters<Browser["newPage"]>[0]): Promise<Page> {
  if (!("value" in chromium)) throw new Error(chromium.reason);
  const page = await chromium.value.newPage(look);
  await page.goto(server.url.href);
  return page;
}

type Browser = Extract<typeof chromium, { value: unknown }>["value"];

test("it is one file that loads nothing", () => {
  expect(html).toStartWith("<!doctype html>");
  expect(html).not.toMatch(/<(script|img|iframe)[^>]* src=|@import|<link[^>]* href="(?!data:)/);
  expect(html).not.toContain(ROOT);
});

describe.skipIf("reason" in chromium)("the page that explains, in Chromium", () => {
  const urls: [name: string, url: string, verdict: RegExp][] = [
    ["good", good, /Accepted\s*The signature is right/],
    ["expired", expired, /Refused[\s\S]*expired/],
    ["damaged", damaged, /Refused[\s\S]*expires_malformed/],
  ];
  const looks = (["light", "dark"] as const).flatMap((scheme) =>
    (["desktop", "phone"] as const).map((size) => [scheme, size] as const),
  );
  const cases = urls.flatMap(([name, ...rest]) =>
    looks.map((look) => [name, ...look, ...rest] as const),
  );

  test.each(cases)("%s, %s, on a %s", async (name, scheme, size, url, verdict) => {
    const page = await open({ viewport: SIZES[size], colorScheme: scheme });
    await page.getByLabel("Signed URL").fill(url);
    await page.getByLabel("Secret of the app").fill(SECRET);
    await page
      .locator("#verdict")
      .getByText(verdict)
      .or(page.locator("#verdict[data-accepted]"))
      .first()
      .waitFor();
    await page.waitForFunction(
      (pattern) => new RegExp(pattern).test(document.querySelector("#verdict")!.textContent!),
      verdict.source,
    );
    expect(await page.locator("#coloured").textContent()).toContain("X-Sw-Proxy=");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(SIZES[size].width);
    await page.screenshot({
      path: `${ROOT}.cache/screenshots/explain_${name}_${scheme}_${size}.png`,
      fullPage: true,
    });
    await page.close();
  });

  test("names the mistake, shows the stages, and sends nothing", async () => {
    const page = await open({});
    const seen = requests.length;
    const outside: string[] = [];
    page.on("request", (request) => outside.push(request.url()));
    await page.getByLabel("Signed URL").fill(good);
    await page.getByText("Enter the secret to check it.").waitFor();
    await page.getByText("The request that is sent to it").click();
    await page.getByLabel("Method").fill("POST");
    await page.getByLabel("Secret of the app").fill(`${SECRET} `);
    await page.locator("#verdict code", { hasText: "secret_" }).waitFor();
    expect(await page.locator("#canonical").textContent()).toStartWith("POST\n/\n");
    expect(await page.locator("#string").textContent()).toStartWith("SW1-HMAC-SHA256\n");
    await page.getByLabel("Secret of the app").fill(SECRET);
    await page.getByText("The signature is right.").waitFor();
    await page.getByLabel("Method").fill("GET");
    await page.getByText("method_differs").waitFor();
    const blocked = await page.evaluate((url) => fetch(url).then(String, String), server.url.href);
    expect(blocked).toContain("TypeError");
    expect(requests.slice(seen)).toEqual([]);
    expect(outside.filter((url) => !url.startsWith("data:"))).toEqual([]);
    await page.close();
  });
});
