import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { DENIED, headerSignature, SECRET, SIGNED } from "../../support/header_signature.ts";

const upstream = await startUpstream([respond("ok")]);
const route = (path: string, signature: object | "none" = SIGNED) => ({
  path,
  upstream: upstream.url,
  signature: signature === "none" ? signature : { ...SIGNED, ...signature },
});
const NEXT = "the secret that comes after it";
const gateway = await startConfigured({
  route: [
    route("/one/"),
    route("/two/", { secrets: [NEXT, SECRET] }),
    route("/other/", { secrets: [NEXT] }),
    route("/named/", { headers: ["X-Consumer-Signature"] }),
    route("/original/", { headers: ["Signature"] }),
    route("/free/", "none"),
    route("/one/free/", "none"),
    route("/free/signed/"),
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function outcomeOf(path: string, headers: string[]): Promise<unknown> {
  const before = upstream.requests.length;
  const response = await plainExchange(gateway, "GET", path, { headers });
  const reached = upstream.requests.length - before;
  if (response.status === 200) return reached === 1 ? "accepted" : `${reached} requests`;
  expect(problemOf(response)).toMatchObject(DENIED);
  return reached === 0 ? "denied" : "denied and forwarded";
}

const by = (path: string, secret: string) => headerSignature([path, "GET"], { secret });

describe("each route has its own secrets", () => {
  test.each([
    ["/one/a", SECRET, "accepted"],
    ["/one/a", NEXT, "denied"],
    ["/two/a", SECRET, "accepted"],
    ["/two/a", NEXT, "accepted"],
    ["/two/a", "some other secret", "denied"],
    ["/other/a", NEXT, "accepted"],
    ["/other/a", SECRET, "denied"],
    ["/free/signed/a", SECRET, "accepted"],
    ["/free/signed/a", NEXT, "denied"],
  ])("%s signed with %j is %s", async (path, secret, outcome) => {
    expect(await outcomeOf(path, [`Signature: ${by(path, secret)}`])).toBe(outcome);
  });
});

describe("the header", () => {
  const right = (path: string) => by(path, SECRET);
  const wrong = by("/else", SECRET);

  test.each([
    ["/one/", "Signature", "accepted"],
    ["/one/", "signature", "accepted"],
    ["/one/", "SIGNATURE", "accepted"],
    ["/one/", "Api-Signature", "accepted"],
    ["/one/", "Api_Signature", "denied"],
    ["/one/", "X-Signature", "denied"],
    ["/one/", "Authorization", "denied"],
    ["/one/", "Cookie", "denied"],
    ["/original/", "Signature", "accepted"],
    ["/original/", "Api-Signature", "denied"],
    ["/named/", "X-Consumer-Signature", "accepted"],
    ["/named/", "x-consumer-signature", "accepted"],
    ["/named/", "X_Consumer_Signature", "denied"],
    ["/named/", "Signature", "denied"],
    ["/named/", "Api-Signature", "denied"],
  ])("%s with %s is %s", async (path, name, outcome) => {
    expect(await outcomeOf(path, [`${name}: ${right(path)}`])).toBe(outcome);
  });

  test.each([
    ["a wrong one twice", ["Signature", wrong, "Signature", wrong]],
    ["a wrong one beside the right one", ["Signature", wrong, "Signature", right("/one/")]],
    ["the right one twice", ["Signature", right("/one/"), "Signature", right("/one/")]],
    ["a scheme before it", ["Signature", `Bearer ${right("/one/")}`]],
    ["parameters behind it", ["Signature", `${right("/one/")}; hash=md5`]],
    ["wrong ones under both names", ["Signature", wrong, "Api-Signature", wrong]],
    ["nothing in it", ["Signature", ""]],
    ["nothing under both names", ["Signature", "", "Api-Signature", " "]],
  ])("%s is denied", async (_, parts) => {
    const lines = [];
    for (let i = 0; i < parts.length; i += 2) lines.push(`${parts[i]}: ${parts[i + 1]}`);
    expect(await outcomeOf("/one/", lines)).toBe("denied");
  });

  test("it cannot stand in the query", async () => {
    const query = `?Signature=${encodeURIComponent(right("/one/"))}`;
    expect(await outcomeOf(`/one/${query}`, [])).toBe("denied");
  });
});

describe('signature = "none"', () => {
  test.each([
    ["/free/", [], "accepted"],
    ["/free/a/b", [], "accepted"],
    ["/free/", ["Signature: nonsense"], "accepted"],
    ["/one/free/a", [], "accepted"],
    ["/one/freed", [], "denied"],
    ["/free/signed/", [], "denied"],
  ])("%s with %j is %s", async (path, headers, outcome) => {
    expect(await outcomeOf(path, headers)).toBe(outcome);
  });
});

describe("a request is no route's", () => {
  test.each(["/", "/one", "/on", "/onee/", "/One/", "/free", "/unknown/", "/%6fne"])(
    "%s",
    async (path) => {
      const before = upstream.requests.length;
      const response = await plainExchange(gateway, "GET", path, {
        headers: [`Signature: ${right404(path)}`],
      });
      expect(problemOf(response)).toMatchObject({ status: 404, code: "route_unknown" });
      expect(upstream.requests).toHaveLength(before);
    },
  );

  const right404 = (path: string) => by(decodeURIComponent(path), SECRET);
});

describe("a signed URL's marks do not lead around a route", () => {
  test.each([
    "/one/?X-Sw-Algorithm=SW1-HMAC-SHA256",
    "/one/?X-Sw-Algorithm=",
    "/one/X-Sw-Algorithm=/",
    "/one/?x-sw-algorithm=SW1-HMAC-SHA256",
    "/one/?X-Sw-Signature=x&X-Sw-Proxy=http://127.0.0.1/",
    "/one/?X%2DSw-Algorithm=SW1-HMAC-SHA256",
  ])("%s", async (target) => {
    const before = upstream.requests.length;
    const response = await plainExchange(gateway, "GET", target);
    expect([400, 401]).toContain(response.status);
    expect(upstream.requests).toHaveLength(before);
  });
});
