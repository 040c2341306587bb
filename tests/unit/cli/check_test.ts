import { describe, expect, test } from "bun:test";
import { FORMATS } from "../config/formats.ts";
import { runSignway } from "../../support/run_signway.ts";

const CANARY = "canary-7f3a9c of more than 32 bytes";

const SHAPE = {
  listen: "127.0.0.1:4000",
  cors: { allow_origins: ["https://app.example", "https://other.example"] },
  audience: "https://gateway.example",
  app: [
    {
      id: "web",
      secrets: [CANARY, "${CANARY}"],
      max_expires: 900,
      cors: {},
      tokens: {
        issuer: "https://id.example/",
        jwks: "https://id.example/keys?canary",
        algorithms: ["ES256", "RS256"],
        require: { sub: true, scope: "canary" },
        policy: ["support"],
      },
      upstream: [
        {
          url: "https://api.example/v1/",
          methods: ["POST", "GET"],
          headers: { Authorization: `Bearer ${CANARY}`, "X-Org": "${file:org}" },
          max_body: 4096,
          max_connections: 7,
          head_timeout: 20,
          keep_cookies: true,
          keep_caching: true,
          redirects: "pass",
          provider: "openai",
          policy: ["support", "notes"],
          subject_header: "X-User-Id",
        },
        {
          url: "https://bedrock-runtime.eu-west-1.amazonaws.com/",
          aws: { access_key_id: CANARY, secret_access_key: CANARY, session_token: "${CANARY}" },
        },
        { url: "https://other.example/", query: { key: CANARY, "user id": "${CANARY}" } },
      ],
    },
    { id: "anything", secrets: ["${CANARY}"], upstream: [{ headers: { "X-Key": CANARY } }] },
    {
      id: "inside",
      secrets: ["${CANARY}"],
      max_expires: 60,
      tokens: { enabled: false },
      upstream: [{ allow_private: true }],
    },
    {
      id: "short",
      secrets: ["x".repeat(31)],
      max_expires: 60,
      upstream: [{ allow_private: true }],
    },
    {
      id: "rotating",
      secrets: ["x".repeat(31), "x".repeat(32), "y".repeat(33)],
      upstream: [{ allow_private: true }],
    },
  ],
  route: [
    {
      path: "/users/",
      upstream: "http://127.0.0.1:8000",
      headers: { "X-Internal": CANARY },
      signature: {
        scheme: "sasigning",
        secrets: [CANARY],
        fields: ["path", "HTTP_X_TIMESTAMP"],
        hash: "sha512",
        timestamp_field: "HTTP_X_TIMESTAMP",
        max_age: 300,
      },
    },
    {
      path: "/open/",
      upstream: "http://127.0.0.1:8001",
      methods: ["GET"],
      signature: "none",
      policy: ["notes"],
    },
  ],
  policy: [
    {
      name: "support",
      to: ["POST https://api.example/v1/"],
      origins: ["https://app.example"],
      ips: ["192.0.2.0/24", "2001:db8::1"],
      seconds: 120,
      models: ["gpt-5-mini"],
      max_output_tokens: 600,
      allow: ["tools"],
      system: `You are ${CANARY}.`,
    },
    {
      name: "notes",
      body: {
        patch: [{ op: "add", path: "/canary", value: CANARY }],
        schema: { required: ["text"], properties: { canary: { const: CANARY } } },
      },
    },
    { name: "empty" },
  ],
};

const SAID = `Listens on 127.0.0.1, port 4000.
Pages of https://app.example, https://other.example may read responses.
Models have the built-in prices of 2026-09-23.

App "web": a URL signed with one of its 2 secrets may call
  POST, GET https://api.example/v1/, with Authorization, X-Org, bodies up to 4096 bytes, at most 7 concurrent exchanges, a response within 20 s, cookies passed on, caching headers passed on, redirects to other origins passed on, the subject in X-User-Id, under the policies support and notes
  any method https://bedrock-runtime.eu-west-1.amazonaws.com/, with a signature of AWS for bedrock in eu-west-1
  any method https://other.example/, with key in the query, user id in the query
  A token signed with one of its 2 secrets may call the same.
  A token of https://id.example/ for https://gateway.example may call the same (ES256, RS256).
  A token must have sub, scope.
  Each of its tokens is under the policy support.
  A URL or a token is valid for at most 900 s.
  Pages of any origin may read responses.

App "anything": a URL signed with its secret may call
  any method any public target, with X-Key
  A token signed with its secret may call the same.

App "inside": a URL signed with its secret may call
  any method any target, with no header added
  It has no tokens.
  A URL is valid for at most 60 s.

App "short": a URL signed with its secret may call
  any method any target, with no header added
  No token is signed with its secrets: they are too short.
  A URL is valid for at most 60 s.

App "rotating": a URL signed with one of its 3 secrets may call
  any method any target, with no header added
  A token signed with secrets[1] or secrets[2] may call the same; the other secrets are too short.

Route /users/: a request signed over path, HTTP_X_TIMESTAMP (sha512, in Signature or Api-Signature) may call
  any method http://127.0.0.1:8000/, with X-Internal
  A signature is valid for at most 300 s.

Route /open/: any request, signed or not, may call
  GET http://127.0.0.1:8001/, with no header added, under the policy notes

Policy "support": a token, a signed URL or a route under it has these limits
  It may send POST to https://api.example/v1/ and to everything below it.
  Only pages of https://app.example may use it.
  The client's address must be in 192.0.2.0/24 or 2001:db8::1.
  An exchange may last 120 s at most.
  Only the model gpt-5-mini may be called.
  A request may have 600 output tokens at most. A request for more is lowered to them.
  A request must be a known operation of the API, and may have only what is known to be harmless.
  It opens tools: functions that the client runs, and their results.
  The system message is set. A request with its own is refused.

Policy "notes": a token, a signed URL or a route under it has these limits
  The body is edited by 1 operation of a JSON Patch.
  The body must comply with a JSON Schema, which requires text at the top level.

Policy "empty" sets no limit.

Warning: app "anything" adds its headers to requests to every target: name the URLs of its upstreams.
Warning: app "short" can sign URLs but no tokens: a token needs a secret of 32 bytes or more.
Warning: route /users/ signs path, HTTP_X_TIMESTAMP without a delimiter, so different requests can have the same signature: set a delimiter.
Warning: upstream[2] of app "web" has no known provider, so requests with tokens under the policy support are refused: set its provider.
`;

describe("signway check says who may call what, and shows no secret:", () => {
  test.each(FORMATS)("a .%s file", async (extension, write) => {
    const run = await runSignway(["check", `a.${extension}`], {
      env: { CANARY },
      files: { [`a.${extension}`]: write(SHAPE), org: CANARY },
    });
    expect(run).toEqual({ code: 0, stdout: SAID, stderr: "" });
    expect(run.stdout).not.toContain("canary");
  });

  test("a file in --config, in place of FILE", async () => {
    const run = await runSignway(["check", "--config", "a.json"], {
      env: { CANARY },
      files: { "a.json": JSON.stringify(SHAPE), org: CANARY },
    });
    expect(run).toEqual({ code: 0, stdout: SAID, stderr: "" });
  });

  test("with no warning when there is nothing to warn of", async () => {
    const app = [{ ...SHAPE.app[0], tokens: {} }];
    const run = await runSignway(["check", "a.json"], {
      env: { CANARY },
      files: { "a.json": JSON.stringify({ app, policy: SHAPE.policy }), org: CANARY },
    });
    expect(run.code).toBe(0);
    expect(run.stdout).not.toContain("Warning");
  });

  test("the limits of an app as a whole", async () => {
    const [, anything] = SHAPE.app;
    const app = { ...anything, max_body: 4096, max_connections: 7 };
    const run = await runSignway(["check", "a.json"], {
      env: { CANARY },
      files: { "a.json": JSON.stringify({ app: [app] }) },
    });
    expect(run.stdout).toContain("bodies up to 4096 bytes");
    expect(run.stdout).toContain("at most 7 concurrent exchanges");
  });
});

describe("signway check is about the file alone:", () => {
  const files = { "a.json": JSON.stringify({ app: [SHAPE.app[1]] }) };

  test("SW_ID and SW_SECRET add no app, PORT says where it listens", async () => {
    const env = { CANARY, SW_ID: "env", SW_SECRET: CANARY, PORT: "4321" };
    const { code, stdout } = await runSignway(["check", "a.json"], { env, files });
    expect(code).toBe(0);
    expect(stdout).toStartWith("Listens on all interfaces, port 4321.\n");
    expect(stdout).not.toContain("env");
  });

  test("it starts nothing and changes nothing", async () => {
    const { code, stdout } = await runSignway(["check", "a.json"], { env: { CANARY }, files });
    expect(code).toBe(0);
    expect(stdout).not.toContain("listening");
  });
});
