import { expect, test } from "bun:test";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { startScripted } from "../../support/by_path.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const REFUSED = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";

test("an upstream that refuses the operator's credential is a warning with the rule's name, once", async () => {
  const upstream = await startScripted();
  const url = upstream.on(REFUSED);
  const args = ["--upstream", upstream.url, "--header", "X-Key: a-wrong-key-of-an-operator"];
  await using gateway = await startGateway({ args });
  for (let i = 0; i < 3; i++) await signedExchange(gateway, url);
  await waitFor("the requests", () => gateway.records().length === 3);
  const warnings = gateway
    .lines()
    .filter(({ code, msg }) => code === "credential_refused" && msg !== "request");
  expect(warnings).toMatchObject([
    { level: "warn", app: "test-app", rule: new URL(upstream.url).host, upstream_status: 401 },
  ]);
  await upstream.stop();
});

test("a credential in the query is one of the operator, too", async () => {
  const upstream = await startUpstream(() => [REFUSED]);
  const { id, secret } = CREDENTIAL;
  const rule = { url: upstream.url, query: { key: "a-wrong-key-of-an-operator" } };
  await using gateway = await startConfigured({
    app: [{ id, secrets: [secret], upstream: [rule] }],
  });
  await signedExchange(gateway, `${upstream.url}/`);
  // The line of the request comes first.
  const warning = await waitFor("the warning", () =>
    gateway.lines().find(({ code, msg }) => code === "credential_refused" && msg !== "request"),
  );
  expect(warning).toMatchObject({ level: "warn", upstream_status: 401 });
  await upstream.stop();
});

test("one that refuses what the caller sent is none", async () => {
  const upstream = await startScripted();
  const [refusing, fine] = [upstream.on(REFUSED), upstream.on(respond("ok"))];
  await using gateway = await startGateway({ args: ["--upstream", upstream.url] });
  for (const url of [refusing, fine]) await signedExchange(gateway, url);
  await waitFor("the requests", () => gateway.records().length === 2);
  expect(gateway.lines().filter(({ code }) => code === "credential_refused")).toEqual([]);
  await upstream.stop();
});
