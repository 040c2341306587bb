import { afterAll, describe, expect, test } from "bun:test";
import { launchChromium } from "../../clients/chromium.ts";
import { startTlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";

const chromium = await launchChromium();
const it = await startTlsGateway();
// A page of its own origin; only there does a fetch tell by which protocol it went.
const site = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }),
});

afterAll(async () => {
  if ("value" in chromium) await chromium.value.close();
  await site.stop(true);
  await it[Symbol.asyncDispose]();
});

describe.skipIf("reason" in chromium)("Chromium over TLS", () => {
  test("streams through a signed URL, event by event, by HTTP/2", async () => {
    if (!("value" in chromium)) return;
    const context = await chromium.value.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const protocols: string[] = [];
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    devtools.on("Network.responseReceived", ({ response }) => {
      if (response.url.startsWith("https:")) protocols.push(response.protocol ?? "");
    });
    await page.goto(site.url.href);
    await page.evaluate((url) => {
      const shared = globalThis as unknown as { seen: string };
      shared.seen = "";
      void fetch(url).then(async ({ body }) => {
        const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { done, value } = await reader.read();
          shared.seen += done ? "<end>" : value;
          if (done) return;
        }
      });
    }, it.sign());
    const shows = (text: string) =>
      page.waitForFunction(
        (expected) => (globalThis as unknown as { seen: string }).seen === expected,
        text,
      );
    await shows("data: hello\n\n");
    it.feed.publish("one");
    await shows("data: hello\n\ndata: one\n\n");
    it.feed.finish();
    await shows("data: hello\n\ndata: one\n\n<end>");
    expect(protocols).toContain("h2");
    const record = await waitFor("the record", () => it.gateway.records()[0]);
    expect(record).toMatchObject({ status: 200, outcome: "complete" });
    await context.close();
  });
});
