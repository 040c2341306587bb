import { describe, expect, test } from "bun:test";
import { type FlagName, SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import type { Settings } from "../../../lib/config/settings.ts";
import { createPemPair } from "../../support/pem.ts";
import { APP, mistakesOfFile, settingsOfFile } from "../config/configured.ts";

// Each has a certificate and its key.
const [one, two] = [createPemPair(), createPemPair()].map(({ cert, key }) => cert + key);
const PEM = { one: one!, two: two! };
const FILES = { "one.pem": PEM.one, "two.pem": PEM.two };
const TLS = ["--tls-cert", "one.pem", "--tls-key", "one.pem"];
const ORIGIN = "https://app.example";

/** A flag, the key beside it, the setting that both decide, and its value by the file and the flag. */
type Row = [flag: string[], key: object, setting: keyof Settings, ofFile: unknown, ofFlag: unknown];

const ROWS: Row[] = [
  [["--port", "4000"], { listen: ":5000" }, "port", 5000, 4000],
  [["--host", "::1"], { listen: "127.0.0.1:5000" }, "host", "127.0.0.1", "::1"],
  [["--public-path", "/a"], { public_path: "/b" }, "publicPath", "/b", "/a"],
  [["--max-expires", "1"], { max_expires: 2 }, "maxExpires", 2, 1],
  [["--clock-skew", "1"], { clock_skew: 2 }, "clockSkew", 2, 1],
  [["--max-signed-body", "1"], { max_signed_body: 2 }, "maxSignedBody", 2, 1],
  [["--max-unverified-bytes", "1"], { max_unverified_bytes: 2 }, "maxUnverifiedBytes", 2, 1],
  [["--sse-heartbeat", "1"], { sse_heartbeat: 2 }, "sseHeartbeat", 2, 1],
  [["--head-timeout", "1"], { head_timeout: 2 }, "headTimeout", 2, 1],
  [["--connect-timeout", "1"], { connect_timeout: 2 }, "connectTimeout", 2, 1],
  [["--idle-timeout", "1"], { idle_timeout: 2 }, "idleTimeout", 2, 1],
  [["--upload-idle-timeout", "1"], { upload_idle_timeout: 2 }, "uploadIdleTimeout", 2, 1],
  [["--max-duration", "1"], { max_duration: 2 }, "maxDuration", 2, 1],
  [["--max-connections", "1"], { max_connections: 2 }, "maxConnections", 2, 1],
  [["--workers", "1"], { workers: 2 }, "workers", 2, 1],
  [["--workers", "auto"], { workers: 2 }, "workers", 2, "auto"],
  [
    ["--admin", "[::1]:1"],
    { admin: "localhost:2" },
    "admin",
    { host: "localhost", port: 2 },
    { host: "::1", port: 1 },
  ],
  [["--upstream-ca", "one.pem"], { upstream_ca: "two.pem" }, "upstreamCa", PEM.two, PEM.one],
  [["--ledger", "memory"], { ledger: "sqlite:a.db" }, "ledger", "sqlite:a.db", "memory"],
  [["--at-most-once"], { at_most_once: false }, "atMostOnce", false, true],
  [["--drain", "0"], { drain: 2 }, "drain", 2, 0],
  [["--log-format", "text"], { log_format: "json" }, "logFormat", "json", "text"],
  [["--log-level", "debug"], { log_level: "error" }, "logLevel", "error", "debug"],
  [
    ["--tls-cert", "one.pem", "--tls-key", "one.pem"],
    { tls_cert: "two.pem", tls_key: "two.pem" },
    "tls",
    { cert: PEM.two, key: PEM.two },
    { cert: PEM.one, key: PEM.one },
  ],
  [["--http3", ...TLS], { http3: false }, "http3", false, true],
  [["--explain"], { explain: false }, "explain", false, true],
  [["--no-bytes-monitor"], { bytes_monitor: true }, "bytesMonitor", true, false],
  [["--no-watch"], { watch: true }, "watch", true, false],
  [
    ["--access-control-allow-origin", `${ORIGIN}, null`],
    { cors: { allow_origins: ["https://other.example"] } },
    "cors",
    { origins: ["https://other.example"] },
    { origins: [ORIGIN, "null"] },
  ],
  [
    ["--access-control-allow-origin", "*"],
    { cors: { allow_origins: [ORIGIN] } },
    "cors",
    { origins: [ORIGIN] },
    {},
  ],
  [
    ["--access-control-allow-methods", "GET,POST"],
    { cors: { allow_methods: ["PUT"], expose_headers: ["x-a"] } },
    "cors",
    { methods: ["PUT"], expose: ["x-a"] },
    { methods: ["GET", "POST"], expose: ["x-a"] },
  ],
  [
    ["--access-control-allow-headers", "x-b"],
    { cors: { allow_headers: ["x-a"], allow_origins: [ORIGIN] } },
    "cors",
    { headers: ["x-a"], origins: [ORIGIN] },
    { headers: ["x-b"], origins: [ORIGIN] },
  ],
];

describe("a flag wins over the file:", () => {
  test.each(ROWS)("%j over %j", (flag, key, setting, ofFile, ofFlag) => {
    const shape = { ...key, app: [APP] };
    expect(settingsOfFile(shape, { files: FILES })[setting]).toEqual(ofFile as never);
    expect(settingsOfFile(shape, { args: flag, files: FILES })[setting]).toEqual(ofFlag as never);
    // Where the file says nothing, the flag alone decides.
    const alone = settingsOfFile({ app: [APP] }, { args: flag, files: FILES });
    expect(alone).toHaveProperty(setting);
  });

  test("each of them is in this table, but those of an app and those that decide nothing", () => {
    const ofApp: FlagName[] = ["header", "upstream", "allow-private-upstreams"];
    const others: FlagName[] = ["config", "help", "version"];
    const named = new Set(
      ROWS.flatMap(([flags]) => flags.filter((arg) => arg.startsWith("--"))).map((arg) =>
        arg.slice(2),
      ),
    );
    expect([...named, ...ofApp, ...others].sort()).toEqual(Object.keys(SERVE_FLAGS).sort());
  });
});

describe("a flag that is wrong is blamed, and a key that is wrong is not blamed on a flag:", () => {
  test.each<[string, object, string[], string]>([
    ["--drain", { drain: 1 }, ["--drain", "x"], "--drain"],
    ["--log-level", { log_level: "info" }, ["--log-level", "x"], "--log-level"],
    ["--port", { listen: ":1" }, ["--port", "x"], "--port"],
    ["--public-path", {}, ["--public-path", "x"], "--public-path"],
    ["public_path", { public_path: "x" }, [], "public_path"],
    ["public_path beside another flag", { public_path: "x" }, ["--drain", "1"], "public_path"],
    ["log_level", { log_level: "x" }, [], "log_level"],
    ["listen", { listen: "x:y" }, [], "listen"],
    ["cors.allow_methods", { cors: { allow_methods: "GET" } }, [], "cors.allow_methods"],
  ])("%s", (_, key, args, name) => {
    const mistakes = mistakesOfFile({ ...key, app: [APP] }, { args });
    expect(mistakes).toEqual([expect.stringMatching(new RegExp(`^${name}[ ,]`))]);
  });

  test("both at once", () => {
    const shape = { clock_skew: -1, lisen: 1, app: [{ ...APP, secrets: [] }] };
    const mistakes = mistakesOfFile(shape, { args: ["--drain", "x", "--header", "X: y"] });
    expect(mistakes.map((text) => text.split(" ")[0]).sort()).toEqual([
      "--drain",
      "--header",
      "app[0].secrets",
      "clock_skew",
      "lisen",
    ]);
  });
});
