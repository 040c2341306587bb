import { expect, test } from "bun:test";
import { signedTarget } from "../../support/signed.ts";
import { runSignway } from "../../support/run_signway.ts";

const ID = "web";
const SECRET = "a secret that nobody may see, ever";
const GATEWAY = "https://edge.example.net/";
const TARGET = "https://api.example.com/v1/chat?q=canary";

/** Explains a URL with a file of one app. */
async function explain(app: object, method: string, target = TARGET) {
  const url =
    new URL(GATEWAY).origin + signedTarget(GATEWAY, target, { id: ID, secret: SECRET, method });
  const files = { "a.json": JSON.stringify({ app: [{ id: ID, secrets: [SECRET], ...app }] }) };
  const { code, stdout } = await runSignway(["explain", url, "--config", "a.json"], { files });
  return { code, causes: [...stdout.matchAll(/^- (\w+)$/gm)].map(([, it]) => it), stdout };
}

const url = "https://api.example.com/";

test.each<[string, object, string, string[]]>([
  ["a target below a rule", { upstream: [{ url }] }, "PUT", []],
  ["a method of the rule", { upstream: [{ url, methods: ["GET"] }] }, "GET", []],
  ["a second rule", { upstream: [{ url, methods: ["GET"] }, { url }] }, "PUT", []],
  ["any public target", { upstream: [{}] }, "GET", []],
  ["another path", { upstream: [{ url: `${url}v2/` }] }, "GET", ["target_not_allowed"]],
  ["another host", { upstream: [{ url: "https://b.example/" }] }, "GET", ["target_not_allowed"]],
  ["another method", { upstream: [{ url, methods: ["GET"] }] }, "PUT", ["target_not_allowed"]],
  [
    "limits of each end user",
    { upstream: [{ url }], limits: { subject: { uses: 5 } } },
    "GET",
    ["subject_required"],
  ],
])(
  "signway explain asks the rules of the app about a signed URL: %s",
  async (_, app, method, causes) => {
    const explained = await explain(app, method);
    expect(explained.causes).toEqual(causes);
    expect(explained.code).toBe(causes.length === 0 ? 0 : 1);
    const accepted = "Accepted: the signature is valid. A rule of the app allows the target.";
    expect(explained.stdout.includes(accepted)).toBe(causes.length === 0);
  },
);

test.each<[string, string, object[], boolean]>([
  ["a WebSocket, as other signers write it", "wss://api.example.com/v1/realtime", [{ url }], true],
  ["user info", "https://user@api.example.com/v1/", [{ url }], false],
  ["two slashes", "https://api.example.com//v1/", [{ url }], false],
  [
    "another spelling of a longer rule",
    "https://api.example.com/v1/%66iles/x",
    [{ url: `${url}v1/` }, { url: `${url}v1/files/` }],
    false,
  ],
])("and as the gateway does: %s", async (_, target, upstream, isAccepted) => {
  const { code, causes } = await explain({ upstream }, "GET", target);
  expect({ code, causes }).toEqual(
    isAccepted ? { code: 0, causes: [] } : { code: 1, causes: ["target_not_allowed"] },
  );
});
