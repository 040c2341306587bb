import { describe, expect, test } from "bun:test";
import type { App } from "../../../../lib/gateway/model/app.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { type GatewayUnderTest } from "../in_process_gateway.ts";
import { appWith, bearing, gatewayOf, grants, minted, NOW } from "./token_gateway.ts";

const RIGHT = grants({ to: ["https://api.example.com/v1/"] }, { sub: "user-1", jti: "t-1" });
const SIGNED = RIGHT.slice(0, RIGHT.lastIndexOf("."));
const SIGNATURE = RIGHT.slice(SIGNED.length + 1);

/** What a gateway answers, and what it records. */
async function outcomeOf(gateway: GatewayUnderTest, request: Request) {
  const response = await gateway.send(request);
  const text = (await response.text()).replace(/"request_id":"[^"]*"/, "");
  const { requestId: _, ...record } = gateway.records.at(-1)!;
  return {
    status: response.status,
    text,
    record: { ...record, verifyMs: 0, headMs: 0, durationMs: 0 },
  };
}

/** Sends a token so often that it is known. */
async function teach(gateway: GatewayUnderTest, token: string): Promise<void> {
  for (let i = 0; i < 3; i++) expect((await gateway.send(bearing(token))).status).toBe(200);
}

/** A gateway that knows what a token says. */
async function knowing(token: string, apps?: readonly App[]): Promise<GatewayUnderTest> {
  const gateway = gatewayOf(apps);
  await teach(gateway, token);
  return gateway;
}

describe("a gateway that knows what a token says", () => {
  const last = SIGNATURE.at(-1)!;
  const signatures: readonly (readonly [what: string, signature: string])[] = [
    ["its own", SIGNATURE],
    ["none", ""],
    ["one that is cut off", SIGNATURE.slice(0, -1)],
    ["one of another length", SIGNATURE + SIGNATURE],
    ["one that is too long for a token", SIGNATURE.repeat(200)],
    ["another one", SIGNATURE.replace(/^./, (first) => (first === "A" ? "B" : "A"))],
    // RFC 4648, section 3.5: bits that no byte needs.
    [
      "one with other bits at its end",
      SIGNATURE.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1),
    ],
    ["one with padding", `${SIGNATURE}=`],
    ["one in another alphabet", `${SIGNATURE.slice(0, -2)}+/`],
    ["one in two parts", `${SIGNATURE.slice(0, 20)}.${SIGNATURE.slice(20)}`],
    ["that of another token", minted().split(".")[2]!],
  ];

  test.each(signatures)("verifies its signature: %s", async (what, signature) => {
    const request = () => bearing(`${SIGNED}.${signature}`);
    const outcome = await outcomeOf(await knowing(RIGHT), request());
    expect(outcome).toEqual(await outcomeOf(gatewayOf(), request()));
    expect(outcome.status === 200).toBe(what === "its own");
  });

  const paths = ["/v1/items", "/v1/items?q=1", "/v2/items", "/v1", "/"];

  test.each(paths)("checks the target of each request: %s", async (path) => {
    const request = () => bearing(RIGHT, `/api.example.com${path}`);
    const apps = [
      appWith({ upstreams: [{ url: new URL("https://api.example.com/"), headers: [] }] }),
    ];
    expect(await outcomeOf(await knowing(RIGHT, apps), request())).toEqual(
      await outcomeOf(gatewayOf(apps), request()),
    );
  });

  test("gives each request its own of what the token grants", async () => {
    const patch = [{ op: "add", path: "/model", value: { name: "small" } }];
    const schema = { type: "object", required: ["model"] };
    const sw = { to: ["https://api.example.com/v1/"], seconds: 30, body: { patch, schema } };
    const token = grants(sw, { sub: "user-1" });
    const outcomes: unknown[] = [];
    const send = async (gateway: GatewayUnderTest, index: number) => {
      const init = { method: "POST", body: JSON.stringify({ question: index }) };
      const headers = { "content-type": "application/json" };
      await outcomeOf(gateway, bearing(token, "/api.example.com/v1/items", { ...init, headers }));
      const { request } = gateway.fetched.at(-1)!;
      outcomes.push(JSON.parse(Buffer.from(request.body as Uint8Array).toString()));
    };
    const gateway = gatewayOf();
    for (let index = 0; index < 5; index++) await send(gateway, index);
    expect(outcomes).toEqual(
      [0, 1, 2, 3, 4].map((question) => ({ question, model: { name: "small" } })),
    );
    expect(gateway.records.map(({ requestId: _, ...record }) => record.outcome)).toEqual(
      Array.from({ length: 5 }, () => "complete"),
    );
  });

  test("lets it expire", async () => {
    let now = NOW * 1000;
    const gateway = gatewayOf([appWith()], { now: () => now });
    await teach(gateway, RIGHT);
    now += 299_999;
    expect((await gateway.send(bearing(RIGHT))).status).toBe(200);
    now += 1;
    expect(await (await gateway.send(bearing(RIGHT))).json()).toMatchObject({
      code: "token_expired",
    });
  });

  test.each<[what: string, changed: Partial<App>, code: string]>([
    [
      "another secret",
      { secrets: ["another secret, of 32 bytes or more"] },
      "token_signature_mismatch",
    ],
    ["no secret", { secrets: [] }, "secret_too_short"],
    ["a shorter life", { maxExpires: 60 }, "token_lifetime_too_long"],
    ["a claim that it requires", { tokens: { require: { team: "blue" } } }, "token_malformed"],
    ["no tokens", { tokens: { enabled: false } }, "signature_missing"],
  ])("sees that its app has %s by now", async (_, changed, code) => {
    let app = appWith();
    const gateway = gatewayOf([], {
      sources: { findApp: (id) => (id === app.id ? app : undefined) },
    });
    await teach(gateway, RIGHT);
    app = appWith(changed);
    const after = await outcomeOf(gateway, bearing(RIGHT));
    expect(after).toEqual(await outcomeOf(gatewayOf([app]), bearing(RIGHT)));
    expect(after.record.code as string).toBe(code);
  });

  test("knows the place of the secret that verified now", async () => {
    const other = "another secret, of 32 bytes or more";
    let app = appWith();
    const gateway = gatewayOf([], { sources: { findApp: () => app } });
    for (let i = 0; i < 3; i++) await outcomeOf(gateway, bearing(RIGHT));
    app = appWith({ secrets: [other, CREDENTIAL.secret] });
    await outcomeOf(gateway, bearing(RIGHT));
    expect(gateway.records.map(({ secret }) => secret)).toEqual([0, 0, 0, 1]);
  });

  type Verify = NonNullable<NonNullable<App["tokens"]>["verifyWithKeySet"]>;

  /** What a program that embeds the gateway may do with a token before it accepts it, and the statuses of five requests. */
  test.each<[what: string, change: (token: Parameters<Verify>[0], time: number) => void, number[]]>(
    [
      [
        "add a claim for a time",
        (token, time) => void (time < 3 && (token.claims["role"] = "admin")),
        [200, 200, 200, 401, 401],
      ],
      [
        "give its bytes to a worker",
        (token) => {
          token.claims["role"] = "admin";
          if (token.signed.length === 0) throw new TypeError("the bytes are gone");
          structuredClone(token.signed, { transfer: [token.signed.buffer] });
        },
        [200, 200, 200, 200, 200],
      ],
    ],
  )("lets a program %s", async (_, change, statuses) => {
    const token = minted({ claims: { iss: "https://id.example.com/", aud: "edge" } });
    let time = 0;
    const verifyWithKeySet: Verify = async (parsed) => change(parsed, time++);
    const tokens = { audience: "edge", verifyWithKeySet, require: { role: "admin" } };
    const app = appWith({ secrets: [], tokens });
    const gateway = gatewayOf([], { sources: { findIssuer: () => app } });
    const found: number[] = [];
    for (let i = 0; i < 5; i++) found.push((await outcomeOf(gateway, bearing(token))).status);
    expect(found).toEqual(statuses);
  });
});
