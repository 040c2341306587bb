import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { documentedConfigs, startProxy } from "./documented_proxy.ts";

// nginx with a location that only nginx itself may ask for, and an upstream that knows of it.

const INTERNAL = "/internal/x";
const FROM_NGINX = "of nginx alone";

const COMMANDS = [
  `X-Accel-Redirect: ${INTERNAL}`,
  "X-Accel-Expires: 3600",
  "X-Accel-Limit-Rate: 1000000",
  "X-Accel-Buffering: yes",
  "X-Accel-Charset: utf-7",
];

const found = await requirement("the Debian package nginx", async () => {
  if (!Bun.which("nginx")) throw new Error("nginx is not in PATH");
  return await Promise.resolve("nginx");
});

const upstream = await startUpstream([respond("of the upstream", { headers: COMMANDS })]);
const gateway = await startConfigured({
  app: [
    {
      ...{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret] },
      upstream: [{ url: `${upstream.url}/`, keep_caching: true }],
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const [config = ""] = await documentedConfigs("nginx");
const open = config.replace(/^ *proxy_ignore_headers [^;]*;\n/gm, "");

function withInternal(text: string): string {
  const location = `location /internal/ { internal; return 200 "${FROM_NGINX}"; }`;
  return text.replace(/^ *location \/ \{/m, (line) => `    ${location}\n${line}`);
}

async function ask(port: number, path: string): Promise<string> {
  using client = await connect(port);
  await client.write(requestBytes("GET", path));
  const { status, body } = await client.response();
  return `${status} ${body.toString()}`;
}

describe.skipIf("reason" in found)(
  "an upstream that commands nginx to send an internal file",
  () => {
    test.each([
      ["as documented", config],
      ["without proxy_ignore_headers", open],
    ])("gets nowhere through the gateway: nginx %s", async (_, text) => {
      await using proxy = await startProxy("nginx", withInternal(text), gateway.port);
      const signed = signedTarget(`http://127.0.0.1:${proxy.port}/`, `${upstream.url}/`);
      expect(await ask(proxy.port, signed)).toBe("200 of the upstream");
    });

    test("gets nowhere at nginx either, as it is documented", async () => {
      await using proxy = await startProxy("nginx", withInternal(config), upstream.port);
      expect(await ask(proxy.port, "/")).toBe("200 of the upstream");
    });

    test("has its way at an nginx without both", async () => {
      await using proxy = await startProxy("nginx", withInternal(open), upstream.port);
      expect(await ask(proxy.port, "/")).toBe(`200 ${FROM_NGINX}`);
    });
  },
);

test("every configuration of nginx in the documentation ignores the commands", async () => {
  for (const text of await documentedConfigs("nginx")) {
    const [, ignored = ""] = /proxy_ignore_headers ([^;]*);/.exec(text) ?? [];
    for (const line of COMMANDS) expect(ignored.split(/\s+/)).toContain(line.split(":")[0]!);
  }
});
