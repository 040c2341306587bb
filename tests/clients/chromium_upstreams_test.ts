import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../support/gateway.ts";
import type { HttpMessage } from "../support/http_message.ts";
import { type RawUpstream, respond, startUpstream } from "../support/raw_upstream.ts";
import { signedTarget } from "../support/signed.ts";
import { launchChromium, type Page } from "./chromium.ts";

// Two upstreams behind one gateway, which is one origin for the browser: what the first answers, and
// what Chromium makes of it at the second. Loopback is a secure context, as https would be.

const PIXEL = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");

/** What the hostile upstream answers with, by the path. */
const ACTIONS: Readonly<Record<string, string[]>> = {
  "/cached": ["No-Vary-Search: params, key-order", "Cache-Control: public, max-age=3600"],
  "/leaving": [
    'Use-As-Dictionary: match="/*", id="user-1"',
    "Cache-Control: public, max-age=3600",
    "Activate-Storage-Access: load",
    "Set-Login: logged-in",
    "Accept-CH: Sec-CH-UA-Full-Version-List, Sec-CH-UA-Model",
    "Set-Cookie: of=hostile; Path=/",
  ],
};

let served = 0;
const answerOf =
  (name: string) =>
  ({ startLine }: HttpMessage): string[] => {
    const path = new URL(startLine.split(" ")[1]!, "http://upstream").pathname;
    const actions = name === "hostile" ? ACTIONS[path] : undefined;
    const body = `${name} ${(served += 1)}`.padEnd(2000, ".");
    return [respond(body, { headers: ["Content-Type: text/plain", ...(actions ?? [])] })];
  };

const chromium = await launchChromium();
const hostile = await startUpstream(answerOf("hostile"));
const honest = await startUpstream(answerOf("honest"));
const image = await startUpstream([
  respond(PIXEL.toString("latin1"), {
    headers: ["Content-Type: image/gif", "Cross-Origin-Resource-Policy: same-origin"],
  }),
]);
const upstreams = [hostile, honest, image];
const gateway = await startGateway({
  args: upstreams.flatMap(({ url }) => ["--upstream", `${url}/`]),
});
// A page of another site.
const site = Bun.serve({
  port: 0,
  hostname: "localhost",
  fetch: () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }),
});

afterAll(async () => {
  if ("value" in chromium) await chromium.value.close();
  await site.stop(true);
  await gateway.stop();
  for (const upstream of upstreams) await upstream.stop();
});

const signed = (target: string): string =>
  new URL(signedTarget(gateway.url, target), gateway.url).href;

/** How a browser asks for a signed URL; each gives the beginning of the body. */
const WAYS: [way: string, ask: (page: Page, url: string) => Promise<string>][] = [
  [
    "by fetch",
    async (page, url) => {
      if (page.url() !== site.url.href) await page.goto(site.url.href);
      return await page.evaluate(async (url) => await (await fetch(url)).text(), url);
    },
  ],
  ["as a document", async (page, url) => await (await page.goto(url))!.text()],
];

const nameIn = (body: string): string => body.split(".")[0]!;

// What would tell an upstream of something that another one has left.
const TRACES = [
  "available-dictionary",
  "dictionary-id",
  "sec-fetch-storage-access",
  "sec-ch-ua-full-version-list",
  "cookie",
];

const tracesAt = ({ requests }: RawUpstream): string[] =>
  requests.flatMap((request) => TRACES.filter((name) => request.all(name).length > 0));

/** The traces in what the browser sends to the gateway, whatever becomes of it there. */
async function watchTraces(page: Page): Promise<string[]> {
  const sent: string[] = [];
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  devtools.on("Network.requestWillBeSentExtraInfo", ({ headers }) => {
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    sent.push(...TRACES.filter((name) => names.includes(name)));
  });
  return sent;
}

describe.skipIf("reason" in chromium)("in Chromium, what one upstream answers", () => {
  test.each(WAYS)("is never served for another signed URL, %s", async (_, ask) => {
    if (!("value" in chromium)) return;
    await using context = await chromium.value.newContext();
    const page = await context.newPage();
    const bodies = [
      await ask(page, signed(`${hostile.url}/cached?q=1`)),
      await ask(page, signed(`${hostile.url}/cached?q=2`)),
      await ask(page, signed(`${honest.url}/c`)),
      await ask(page, signed(`${honest.url}/d?x=1`)),
    ].map(nameIn);
    expect(bodies.map((name) => name.split(" ")[0])).toEqual([
      ...["hostile", "hostile"],
      ...["honest", "honest"],
    ]);
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  test.each(WAYS)(
    "leaves no dictionary, hint, cookie or storage for another, %s",
    async (_, ask) => {
      if (!("value" in chromium)) return;
      await using context = await chromium.value.newContext();
      const page = await context.newPage();
      const sent = await watchTraces(page);
      await ask(page, signed(`${hostile.url}/leaving`));
      // A dictionary is stored after its response has been read.
      await Bun.sleep(500);
      const before = honest.requests.length;
      for (const path of ["/c", "/d"]) await ask(page, signed(`${honest.url}${path}`));
      expect(honest.requests).toHaveLength(before + 2);
      expect([sent, tracesAt(honest), tracesAt(hostile)]).toEqual([[], [], []]);
      expect(await context.cookies()).toEqual([]);
    },
  );

  test("can be embedded by a page of another site, whatever its own policy was", async () => {
    if (!("value" in chromium)) return;
    await using context = await chromium.value.newContext();
    const page = await context.newPage();
    await page.goto(site.url.href);
    const width = await page.evaluate(
      (url) =>
        new Promise<number>((resolve) => {
          const element = new Image();
          element.addEventListener("load", () => resolve(element.naturalWidth));
          element.addEventListener("error", () => resolve(0));
          element.src = url;
        }),
      signed(`${image.url}/pixel.gif`),
    );
    expect(width).toBe(1);
  });
});
