import { describe, expect, test } from "bun:test";
import { describeChanges } from "../../../lib/config/describe_changes.ts";
import { createPemPair } from "../../support/pem.ts";
import { APP, type Configured, ROUTE, settingsOfFile, SIGNED_ROUTE } from "./configured.ts";
import { PEM } from "./pem_of_settings.ts";

const CANARY = "canary-7f3a9c of more than 16 bytes";
const SHAPE = { app: [APP], route: [ROUTE, SIGNED_ROUTE] };
const [rule] = APP.upstream;

const changes = (after: object, before: object = SHAPE, configured: Configured = {}) =>
  describeChanges(settingsOfFile(before, configured), settingsOfFile(after, configured));

const app = (more: object): object => ({ ...SHAPE, app: [{ ...APP, ...more }] });
const route = (more: object): object => ({
  ...SHAPE,
  route: [ROUTE, { ...SIGNED_ROUTE, ...more }],
});

describe("describeChanges names what takes effect at once:", () => {
  test.each<[string, object, string[]]>([
    ["nothing", SHAPE, []],
    ["a limit", { ...SHAPE, max_expires: 60 }, ["maxExpires"]],
    [
      "several",
      { ...SHAPE, drain: 1, log_level: "warn", cors: { allow_origins: ["null"] } },
      ["cors", "drain", "logLevel"],
    ],
    ["a value that is the default, written out", { ...SHAPE, max_expires: 604_800 }, []],
    ["an app's secret", app({ secrets: [CANARY] }), ["app web changed"]],
    ["an app's limit", app({ max_expires: 60 }), ["app web changed"]],
    [
      "an upstream's url",
      app({ upstream: [{ url: `https://${CANARY.slice(0, 6)}.example/` }] }),
      ["app web changed"],
    ],
    [
      "a header",
      app({ upstream: [{ ...rule, headers: { "X-Key": CANARY } }] }),
      ["app web changed"],
    ],
    [
      "a route's upstream",
      route({ upstream: "https://other.example/" }),
      ["route /signed/ changed"],
    ],
    [
      "a route's secret",
      route({ signature: { scheme: "sasigning", secrets: [CANARY] } }),
      ["route /signed/ changed"],
    ],
    [
      "a route's path",
      route({ path: "/moved/" }),
      ["route /moved/ added", "route /signed/ removed"],
    ],
    ["an app more", { ...SHAPE, app: [{ ...APP, id: "new" }, APP] }, ["app new added"]],
    ["an app less", { route: SHAPE.route }, ["app web removed"]],
    ["the order of apps", { ...SHAPE, route: [SIGNED_ROUTE, ROUTE] }, []],
  ])("%s", (_, after, changed) => {
    const found = changes(after);
    expect({ changed: found.changed.sort(), needRestart: found.needRestart }).toEqual({
      changed: changed.sort(),
      needRestart: [],
    });
    expect(JSON.stringify(found)).not.toContain("canary");
  });

  test.each<[string, object, string]>([
    ["a limit", { max_connections: 1 }, "maxConnections"],
    ["certificates to trust", { upstream_ca: "pem" }, "upstreamCa"],
    ["prices", { prices: "prices" }, "prices"],
  ])("%s that is no longer there", (_, more, name) => {
    const files = { pem: PEM.cert, prices: "{}" };
    const configured = { files };
    const found = changes(SHAPE, { ...SHAPE, ...more }, configured);
    expect(found).toEqual({ changed: [name], needRestart: [] });
  });

  test("a certificate", () => {
    const shape = { ...SHAPE, tls_cert: "pem", tls_key: "key" };
    const [before, after] = [PEM, createPemPair()].map(({ cert, key }) =>
      settingsOfFile(shape, { files: { pem: cert, key } }),
    );
    expect(describeChanges(before!, after!)).toEqual({ changed: ["tls"], needRestart: [] });
  });

  test("a file that a reference leads to", () => {
    const shape = app({ secrets: ["${file:key}"] });
    const [before, after] = [`${CANARY} 1`, `${CANARY} 2`].map((key) =>
      settingsOfFile(shape, { files: { key } }),
    );
    expect(describeChanges(before!, after!)).toEqual({
      changed: ["app web changed"],
      needRestart: [],
    });
  });
});

describe("describeChanges names what needs a restart:", () => {
  test.each([
    ["the port", ":4000"],
    ["the host", "127.0.0.1:3000"],
    ["both", "127.0.0.1:4000"],
  ])("%s", (_, listen) => {
    expect(changes({ ...SHAPE, listen })).toEqual({ changed: [], needRestart: ["listen"] });
  });

  const tls = { tls_cert: "pem", tls_key: "key" };
  const admin = { admin: "127.0.0.1:13090" };
  test.each<[string, object, object]>([
    ["workers", { workers: 2 }, {}],
    ["admin", admin, {}],
    ["admin", { admin: "127.0.0.1:9091" }, admin],
    ["admin", {}, admin],
    ["http3", { ...tls, http3: true }, tls],
    ["tls", tls, {}],
    ["tls", {}, tls],
  ])("%s: %j after %j", (name, after, before) => {
    const configured = { files: { pem: PEM.cert, key: PEM.key } };
    const found = changes({ ...SHAPE, ...after }, { ...SHAPE, ...before }, configured);
    expect(found).toEqual({ changed: [], needRestart: [expect.stringContaining(name)] });
  });

  test("not what a flag overrides", () => {
    const configured = { args: ["--port", "0", "--host", "::1", "--drain", "9"] };
    const after = { ...SHAPE, listen: "127.0.0.1:4000", drain: 1 };
    expect(changes(after, SHAPE, configured)).toEqual({ changed: [], needRestart: [] });
  });
});
