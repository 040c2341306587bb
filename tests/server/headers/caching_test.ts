import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, signedExchange } from "../../support/signed_exchange.ts";

let answer = "";
const upstream = await startUpstream(() => [answer]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("no response is stored, whatever its upstream says", () => {
  test.each([
    ["200 OK", [], "no-store"],
    ["404 Not Found", [], "no-store"],
    ["500 Internal Server Error", [], "no-store"],
    ["301 Moved Permanently", ["Location: /x"], "no-store"],
    ["200 OK", ["ETag: x", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"], "no-store"],
    ["200 OK", ["Cache-Control: max-age=60"], "no-store"],
    ["200 OK", ["Cache-Control: private, no-cache"], "no-store"],
    ["200 OK", ["Cache-Control: public", "Cache-Control: s-maxage=60"], "no-store"],
    ["200 OK", ["Expires: Sun, 06 Nov 2044 08:49:37 GMT", "Pragma: x", "Age: 1"], "no-store"],
    ["304 Not Modified", ["Cache-Control: immutable", "ETag: x"], "no-store"],
  ])("%s with %j gets %s", async (status, headers, expected) => {
    answer = respond("ok", { status, headers });
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.all("cache-control")).toEqual([expected]);
    for (const name of ["expires", "pragma", "age"]) expect(response.all(name)).toEqual([]);
    const validators = headers.filter((line) => /^(etag|last-modified):/i.test(line));
    for (const line of validators) {
      const [name = "", value = ""] = line.split(": ");
      expect(response.all(name)).toEqual([value]);
    }
  });

  test.each([
    ["no signature", "GET", "/"],
    ["a method", "TRACE", "/"],
    ["a bad parameter", "POST", "/?X-Sw-Algorithm=none"],
  ])("a refusal: %s", async (_, method, path) => {
    const response = await plainExchange(gateway, method, path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.all("cache-control")).toEqual(["no-store"]);
  });

  test("a failed upstream", async () => {
    answer = respond("x", { status: "999 Odd", headers: ["Cache-Control: max-age=60"] });
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.status).toBe(502);
    expect(response.all("cache-control")).toEqual(["no-store"]);
  });
});
