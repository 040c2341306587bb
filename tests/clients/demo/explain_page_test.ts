import { afterAll, describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { bundleExplainPage } from "../../../build/explain_page.ts";
import { signToken, signUrl } from "../../../lib/signing/mod.ts";
import { makeToken } from "../../support/made_token.ts";
import { launchChromium, type Page } from "../chromium.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SECRET = "a secret that stays in the page";
const SECRET_OF_TOKENS = "a secret of 32 bytes that stays in the page";
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
const token = await signToken({
  id: "web",
  secret: SECRET_OF_TOKENS,
  subject: "user-1",
  to: ["POST https://api.example.com/v1/chat", "GET https://api.example.com/v1/models/"],
  origins: ["https://app.example.com", "https://www.example.com"],
  seconds: 60,
  models: ["gpt-5-mini"],
  system: "canary",
  policy: ["support"],
});
const spoiled = makeToken({
  secret: `${SECRET_OF_TOKENS}\n`,
  claims: { exp: Date.now() + 300_000, aud: "https://gateway.example.com" },
  now: new Date(),
});
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
  const texts: [name: string, text: string, secret: string, verdict: RegExp][] = [
    ["good", good, SECRET, /Accepted\s*The signature is right/],
    ["expired", expired, SECRET, /Refused[\s\S]*expired/],
    ["damaged", damaged, SECRET, /Refused[\s\S]*expires_malformed/],
    ["token", token, SECRET_OF_TOKENS, /Accepted\s*The signature is right/],
    ["spoiled", spoiled, SECRET_OF_TOKENS, /secret_whitespace[\s\S]*time_in_milliseconds/],
  ];
  const looks = (["light", "dark"] as const).flatMap((scheme) =>
    (["desktop", "phone"] as const).map((size) => [scheme, size] as const),
  );
  const cases = texts.flatMap(([name, ...rest]) =>
    looks.map((look) => [name, ...look, ...rest] as const),
  );

  test.each(cases)("%s, %s, on a %s", async (name, scheme, size, text, secret, verdict) => {
    const page = await open({ viewport: SIZES[size], colorScheme: scheme });
    await page.getByLabel("Signed URL or access token").fill(text);
    await page.getByLabel("Secret of the app").fill(secret);
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
    const isToken = secret === SECRET_OF_TOKENS;
    expect(await page.locator("#coloured").isVisible()).toBe(!isToken);
    expect(await page.locator("#grants").isVisible()).toBe(isToken);
    if (!isToken) expect(await page.locator("#coloured").textContent()).toContain("X-Sw-Proxy=");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(SIZES[size].width);
    await page.screenshot({
      path: `${ROOT}.cache/screenshots/explain_${name}_${scheme}_${size}.png`,
      fullPage: true,
    });
    await page.close();
  });

  test("says what a token grants, without showing it again", async () => {
    const page = await open({});
    await page.getByLabel("Signed URL or access token").fill(token);
    await page.getByText("Enter the secret to check it.").waitFor();
    expect(await page.locator("#grants li").allTextContents()).toEqual([
      "It may send POST to https://api.example.com/v1/chat.",
      "It may send GET to https://api.example.com/v1/models/ and to everything below it.",
      "Only pages of https://app.example.com or https://www.example.com may use it.",
      "The client may have any address.",
      "An exchange may last 60 s at most.",
      "It may send any number of requests, as far as the gateway allows.",
      "Only the model gpt-5-mini may be called.",
      "A request must be a known operation of the API, and may have only what is known to be harmless.",
      "The system message is set to a text of 6 characters. A request with its own is refused.",
      "The operator's policy support applies as well.",
    ]);
    expect(await page.locator("dl").textContent()).toBe("IssuerwebSubjectuser-1AlgorithmHS256");
    expect(await page.locator(".moments").textContent()).toMatch(
      /^signed \S+Z\d+ s leftexpires .*Z, after 300 s$/,
    );
    expect(await page.getByText("The request that is sent to it").isVisible()).toBe(false);
    const shown = await page.locator("body").innerText();
    for (const part of [...token.split("."), "canary"]) expect(shown).not.toContain(part);
    await page.getByLabel("Signed URL or access token").fill(`Bearer ${token}`);
    await page.getByText("token_bearer").waitFor();
    await page.getByLabel("Signed URL or access token").fill(good);
    await page.locator("#coloured").waitFor();
    expect(await page.locator("#grants").isVisible()).toBe(false);
    expect(await page.getByText("The request that is sent to it").isVisible()).toBe(true);
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
