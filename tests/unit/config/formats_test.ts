import { describe, expect, test } from "bun:test";
import type { Settings } from "../../../lib/config/settings.ts";
import { settingsOf } from "../cli/command_line.ts";
import { FORMATS } from "./formats.ts";

const PEM = "-----BEGIN CERTIFICATE-----\n";

const SHAPE = {
  listen: "[::1]:0",
  public_path: "/signway",
  trusted_proxies: ["10.0.0.0/8", "::1"],
  audience: "https://gateway.example",
  max_expires: 900,
  clock_skew: 0,
  max_signed_body: 1024,
  max_unverified_bytes: 4096,
  sse_heartbeat: 0,
  head_timeout: 20,
  connect_timeout: 21,
  idle_timeout: 22,
  upload_idle_timeout: 23,
  max_duration: 24,
  max_connections: 25,
  at_most_once: true,
  workers: "auto",
  admin: "127.0.0.1:9090",
  tls_cert: "cert.pem",
  tls_key: "key.pem",
  http3: true,
  upstream_ca: "ca.pem",
  drain: 5,
  log_level: "warn",
  bytes_monitor: false,
  explain: true,
  watch: false,
  cors: {
    allow_origins: ["https://app.example", "null"],
    allow_methods: ["POST"],
    allow_headers: ["X-A"],
    expose_headers: ["x-request-id"],
  },
  app: [
    {
      id: "web: é, \"quoted\", #1, 'twice'",
      secrets: ["a secret: yes, 0x10, null and \\n", "no", "2026-11-22"],
      max_expires: 60,
      max_body: 1,
      max_connections: 2,
      cors: {},
      tokens: {
        enabled: false,
        issuer: "https://id.example/",
        jwks: "file:keys.json",
        algorithms: ["ES256", "EdDSA"],
        audience: "my frontend",
        require: { sub: true, scope: "gateway" },
      },
      upstream: [
        {
          url: "https://api.example/v1/",
          methods: ["POST", "GET"],
          headers: { Authorization: "Bearer true", "x-number": "7" },
          max_body: 3,
          max_connections: 4,
          head_timeout: 5,
          idle_timeout: 6,
          keep_cookies: true,
          keep_caching: true,
          provider: "google",
          heartbeat: "comment",
          redirects: "pass",
          subject_header: "X-User-Id",
        },
        { allow_private: true },
      ],
    },
  ],
  route: [
    {
      path: "/users/",
      upstream: "http://127.0.0.1:8000",
      signature: {
        scheme: "sasigning",
        secrets: ["one", "two"],
        fields: ["path", "HTTP_X_TIMESTAMP"],
        delimiter: "\n",
        hash: "sha512",
        headers: ["X-Signature"],
        timestamp_field: "HTTP_X_TIMESTAMP",
        max_age: 300,
      },
    },
    { path: "/open/", upstream: "http://127.0.0.1:8000", signature: "none", cors: {} },
  ],
};

const EXPECTED: Omit<Settings, "files"> = {
  host: "::1",
  port: 0,
  publicPath: "/signway",
  trustedProxies: ["10.0.0.0/8", "::1"],
  audience: "https://gateway.example",
  maxExpires: 900,
  clockSkew: 0,
  maxSignedBody: 1024,
  maxUnverifiedBytes: 4096,
  sseHeartbeat: 0,
  headTimeout: 20,
  connectTimeout: 21,
  idleTimeout: 22,
  uploadIdleTimeout: 23,
  maxDuration: 24,
  maxConnections: 25,
  atMostOnce: true,
  workers: "auto",
  admin: { host: "127.0.0.1", port: 9090 },
  tls: { cert: PEM, key: PEM },
  http3: true,
  upstreamCa: PEM,
  drain: 5,
  logLevel: "warn",
  bytesMonitor: false,
  explain: true,
  watch: false,
  cors: {
    origins: ["https://app.example", "null"],
    methods: ["POST"],
    headers: ["X-A"],
    expose: ["x-request-id"],
  },
  apps: [
    {
      id: "web: é, \"quoted\", #1, 'twice'",
      secrets: ["a secret: yes, 0x10, null and \\n", "no", "2026-11-22"],
      maxExpires: 60,
      maxBody: 1,
      maxConnections: 2,
      cors: {},
      tokens: {
        enabled: false,
        issuer: "https://id.example/",
        jwks: "file:keys.json",
        algorithms: ["ES256", "EdDSA"],
        audience: "my frontend",
        require: { sub: true, scope: "gateway" },
      },
      upstreams: [
        {
          url: new URL("https://api.example/v1/"),
          methods: ["POST", "GET"],
          headers: [
            ["Authorization", "Bearer true"],
            ["x-number", "7"],
          ],
          maxBody: 3,
          maxConnections: 4,
          headTimeout: 5,
          idleTimeout: 6,
          keepCookies: true,
          keepCaching: true,
          provider: "google",
          heartbeat: "comment",
          redirects: "pass",
          subjectHeader: "X-User-Id",
          allowPrivate: false,
        },
        { headers: [], keepCookies: false, keepCaching: false, allowPrivate: true },
      ],
    },
  ],
  routes: [
    {
      path: "/users/",
      upstream: new URL("http://127.0.0.1:8000"),
      signature: {
        secrets: ["one", "two"],
        fields: ["path", "HTTP_X_TIMESTAMP"],
        delimiter: "\n",
        hash: "sha512",
        headers: ["X-Signature"],
        timestampField: "HTTP_X_TIMESTAMP",
        maxAge: 300,
      },
      id: "/users/",
      upstreams: [
        {
          url: new URL("http://127.0.0.1:8000"),
          headers: [],
          keepCookies: false,
          keepCaching: false,
        },
      ],
    },
    {
      path: "/open/",
      upstream: new URL("http://127.0.0.1:8000"),
      id: "/open/",
      upstreams: [
        {
          url: new URL("http://127.0.0.1:8000"),
          headers: [],
          keepCookies: false,
          keepCaching: false,
        },
      ],
      cors: {},
    },
  ],
};

const FILES = [...FORMATS, ["yml", FORMATS[1]![1]] as const];

/** As plain data, so that URLs are compared by what they say. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("one shape gives the same settings from", () => {
  test.each(FILES)("a .%s file", (extension, write) => {
    const path = `signway.${extension}`;
    const { files, ...settings } = settingsOf(["--config", path], {
      files: {
        [path]: write(SHAPE),
        "cert.pem": PEM,
        "key.pem": PEM,
        "ca.pem": PEM,
        "keys.json": '{"keys":[]}',
      },
    });
    expect(files).toEqual([path, "cert.pem", "key.pem", "ca.pem", "keys.json"]);
    expect(plain(settings)).toEqual(plain(EXPECTED));
  });
});
