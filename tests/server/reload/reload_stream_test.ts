import { expect, setDefaultTimeout, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { appWith, SECRETS, startReloading } from "./reloading.ts";

setDefaultTimeout(30_000);

const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

test.each([
  ["of its secret", (url: string) => appWith(SECRETS.new, url), 400],
  [
    "that takes its app away",
    (url: string) => ({ route: [{ path: "/open/", upstream: url, signature: "none" }] }),
    401,
  ],
  [
    "of its limits",
    (url: string) => {
      const upstream = [{ url, max_body: 0, head_timeout: 1, methods: ["POST"] }];
      const app = { id: CREDENTIAL.id, secrets: [SECRETS.old], upstream, max_connections: 1 };
      return { drain: 0, app: [app] };
    },
    403,
  ],
] as const)("a running stream goes on undisturbed by a change %s", async (_, shape, status) => {
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  await using it = await startReloading({
    files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
    script: [`${HEAD}${chunk("first")}`, () => gate, chunk("last") + chunk("")],
  });
  const { gateway, upstream } = it;
  using client = await connect(gateway.port);
  const path = signedTarget(gateway.url, `${upstream.url}/`, { secret: SECRETS.old });
  await client.write(requestBytes("GET", path));
  await waitFor("the first piece", () => client.received().includes("first"));

  await it.write("main.json", shape(upstream.url));
  expect(await it.reloads(1)).toMatchObject({ msg: "configuration loaded" });
  expect(await it.status(SECRETS.old)).toBe(status);
  expect(client.received().includes("last")).toBe(false);
  openGate();
  expect((await client.response()).body.toString()).toBe("firstlast");
  expect(await gateway.waitForRecord(({ outcome }) => outcome === "complete")).toMatchObject({
    app: CREDENTIAL.id,
    bytes_out: 9,
  });
});

const app = (url: string, limit: object, ofRule: object = {}) => [
  { id: CREDENTIAL.id, secrets: [SECRETS.old], upstream: [{ url, ...ofRule }], ...limit },
];

test.each([
  ["all exchanges", (url: string) => ({ max_connections: 1, app: app(url, {}) })],
  ["its app", (url: string) => ({ app: app(url, { max_connections: 1 }) })],
  ["its rule", (url: string) => ({ app: app(url, {}, { max_connections: 1 }) })],
] as const)("a running stream counts for a new limit on %s", async (_, shape) => {
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  await using it = await startReloading({
    files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
    script: [`${HEAD}${chunk("first")}`, () => gate, chunk("last") + chunk("")],
  });
  const { gateway, upstream } = it;
  using client = await connect(gateway.port);
  const path = signedTarget(gateway.url, `${upstream.url}/`, { secret: SECRETS.old });
  await client.write(requestBytes("GET", path));
  await waitFor("the first piece", () => client.received().includes("first"));
  // What is over within this time is not counted.
  await Bun.sleep(100);

  await it.write("main.json", shape(upstream.url));
  expect(await it.reloads(1)).toMatchObject({ msg: "configuration loaded" });
  expect(await it.status(SECRETS.old)).toBe(503);
  openGate();
  expect((await client.response()).body.toString()).toBe("firstlast");
  expect(await it.status(SECRETS.old)).toBe(200);
});
