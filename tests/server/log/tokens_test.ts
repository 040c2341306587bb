import { expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { mint, type MintOptions } from "../../support/minted.ts";
import { exchange } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { placed, SLOTS } from "../../unit/gateway/tokens/slots.ts";

const VARIANTS: readonly MintOptions[] = [
  {},
  { secret: "another secret, of 32 bytes or more" },
  { claims: { exp: 1 } },
  { claims: { sw: { x: 1 } } },
  { claims: { iss: "nobody" } },
  { header: { alg: "none" } },
];

test("a gateway writes no token, wherever a request holds it", async () => {
  await using upstream = await startUpstream([respond("answer")]);
  const { host } = new URL(upstream.url);
  await using gateway = await startGateway({
    args: ["--upstream", `${upstream.url}/`, "--header", "X-Key: a key of the operator's"],
  });
  let sent = 0;
  for (const options of VARIANTS) {
    const sw = { to: [`${upstream.url}/`] };
    const token = mint({
      ...options,
      claims: { sw, sub: "user-1", jti: "id-1", ...options.claims },
    });
    for (const { place } of [...SLOTS, { place: () => ({ prefix: `/x/${token}` }) }]) {
      const { url, method, headers } = placed([place(token)], { path: `/${host}/v1?q=1` });
      const { pathname, search } = new URL(url);
      const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const head = `${method} ${pathname}${search} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;
      const answer = (await exchange(gateway.port, `${head}${lines}\r\n`)).toString("latin1");
      sent += 1;
      expect(answer).not.toContain(token.slice(-20));
      expect(answer).not.toContain("a key of the operator's");
    }
  }
  // At its end it has written all lines. The helper looks for tokens in them.
  expect(await gateway.stop()).toBe(0);
  expect(gateway.records()).toHaveLength(sent);
  const verified = gateway.records().filter(({ sub }) => sub !== undefined);
  expect(verified.length).toBeGreaterThanOrEqual(SLOTS.length);
  expect(verified[0]).toMatchObject({ app: "test-app", sub: "user-1", jti: "id-1", status: 200 });
  for (const { head } of upstream.requests) expect(head).not.toContain("eyJ");
  expect(upstream.requests).toHaveLength(SLOTS.length);
});
