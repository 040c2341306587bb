import { expect, test } from "bun:test";
import { signedTarget } from "../../support/signed.ts";
import { runSignway } from "../../support/run_signway.ts";

const ID = "web";
const SECRET = "a secret that nobody may see, ever";
const GATEWAY = "https://edge.example.net/";
const TARGET = "https://api.example.com/v1/chat?q=canary";

/** Explains a URL for {@link TARGET} with a file of one app. */
async function explain(app: object, method: string) {
  const url =
    new URL(GATEWAY).origin + signedTarget(GATEWAY, TARGET, { id: ID, secret: SECRET, method });
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
  ["another path", { upstream: [{ url: `${url}v2/` }] }, "GET", ["url_not_allowed"]],
  ["another host", { upstream: [{ url: "https://b.example/" }] }, "GET", ["url_not_allowed"]],
  ["another method", { upstream: [{ url, methods: ["GET"] }] }, "PUT", ["url_not_allowed"]],
  [
    "limits of each end user",
    { upstream: [{ url }], limits: { subject: { uses: 5 } } },
    "GET",
    ["url_without_subject"],
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
