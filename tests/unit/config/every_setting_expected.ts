import type { Settings } from "../../../lib/config/settings.ts";
import type { NamedPolicy } from "../../../lib/gateway/model/policy.ts";

/** The content of each PEM file. */
export const PEM = "-----BEGIN CERTIFICATE-----\n";

const CHAT: NamedPolicy = {
  name: "chat",
  to: [{ methods: ["POST"], origin: "https://api.example", path: "/v1/chat" }],
  origins: ["https://app.example"],
  ips: [{ address: "10.0.0.0", bits: 8 }],
  seconds: 60,
  policy: {
    models: ["gpt-5*"],
    maxOutputTokens: 800,
    onExcess: "refuse",
    allow: ["tools"],
    system: 'Say: yes, "#1"',
    tools: ["read_*"],
  },
};
const ANY_JSON: NamedPolicy = {
  name: "any.json",
  policy: {
    body: {
      patch: [{ op: "add", path: "/store", value: false }],
      schema: { type: "object", properties: { n: { maximum: 1.5, enum: [1, "1"] } } },
    },
  },
};

/** The settings of a configuration with every setting, without the paths of files. */
export const EXPECTED: Omit<Settings, "files"> = {
  host: "::1",
  port: 0,
  publicPath: "/signway",
  trustedProxies: ["10.0.0.0/8", "::1"],
  audience: "https://gateway.example",
  maxExpires: 900,
  clockSkew: 0,
  maxSignedBody: 1024,
  maxPolicyBody: 2048,
  maxUnverifiedBytes: 4096,
  sseHeartbeat: 0,
  headTimeout: 20,
  connectTimeout: 21,
  idleTimeout: 22,
  uploadIdleTimeout: 23,
  maxDuration: 24,
  maxConnections: 25,
  atMostOnce: true,
  prices: { openai: { own: { prices: { input_mtok: 1 }, contextWindow: 9 } } },
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
  policies: [CHAT, ANY_JSON],
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
        policies: [CHAT],
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
          usage: false,
          redirects: "pass",
          subjectHeader: "X-User-Id",
          policies: [ANY_JSON, CHAT],
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
          policies: [CHAT],
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
