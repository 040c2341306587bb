import { CREDENTIAL_RULES } from "./credential_rules_expected.ts";
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
const COUNTED: NamedPolicy = {
  name: "counted",
  limits: {
    uses: 1,
    rate: { count: 10, period: "min", burst: 1 },
    concurrent: 2,
    bytes: 3,
    tokens: { limit: 4 },
    cost: { limit: 500_000_000 },
  },
  onAbort: "charge",
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
  wsPing: 19,
  maxMessage: 512,
  headTimeout: 20,
  connectTimeout: 21,
  idleTimeout: 22,
  uploadIdleTimeout: 23,
  maxDuration: 24,
  maxConnections: 25,
  atMostOnce: true,
  prices: { openai: { own: { prices: { input_mtok: 1 }, contextWindow: 9 } } },
  ledger: "sqlite:ledger.db",
  workers: "auto",
  admin: { host: "127.0.0.1", port: 9090 },
  adminToken: "a token of 16 or more",
  tls: { cert: PEM, key: PEM },
  http3: true,
  upstreamCa: PEM,
  drain: 5,
  logLevel: "warn",
  logFormat: "text",
  bytesMonitor: false,
  explain: true,
  watch: false,
  policies: [CHAT, COUNTED, ANY_JSON],
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
      limits: {
        uses: 1000,
        rate: { count: 100, period: "s", burst: 10 },
        concurrent: 10,
        bytes: 1_000_000,
        tokens: { limit: 2_000_000, period: "day" },
        cost: { limit: 50_000_000_000, period: "month" },
      },
      receipts: {
        url: new URL("http://backend.example/usage?tenant=1"),
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      },
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
          query: [
            ["key", "yes"],
            ["user id", "0x10"],
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
          websocket: false,
          redirects: "pass",
          subjectHeader: "X-User-Id",
          limits: { uses: 7, concurrent: 2 },
          onAbort: "drain",
          policies: [ANY_JSON, CHAT],
          allowPrivate: false,
        },
        {
          headers: [],
          keepCookies: false,
          keepCaching: false,
          websocket: true,
          allowPrivate: true,
        },
        ...CREDENTIAL_RULES,
      ],
    },
    {
      id: "users",
      secrets: ["another secret"],
      subjectLimits: {
        uses: 100,
        rate: { count: 20, period: "min", burst: 5 },
        concurrent: 3,
        bytes: 5,
        tokens: { limit: 50_000 },
        cost: { limit: 1_500_000_000 },
      },
      upstreams: [
        {
          url: new URL("https://users.example/"),
          headers: [],
          keepCookies: false,
          websocket: true,
          keepCaching: false,
          allowPrivate: false,
          limits: {
            rate: { count: 1, period: "h", burst: 1 },
            bytes: 9,
            tokens: { limit: 8 },
            cost: { limit: 500_000_000, period: "day" },
          },
        },
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
          websocket: false,
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
          websocket: false,
          keepCaching: false,
        },
      ],
      cors: {},
    },
  ],
};
