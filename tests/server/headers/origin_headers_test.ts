import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

let answer = "";
const upstream = await startUpstream(() => [answer]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("headers that would act on the gateway's origin are removed", () => {
  test.each([
    ["Set-Cookie", ["a=1; Path=/; HttpOnly", "b=2; Domain=example.test"]],
    ["Set-Cookie2", ["a=1"]],
    ["Clear-Site-Data", ['"*"']],
    ["Service-Worker-Allowed", ["/"]],
    ["Strict-Transport-Security", ["max-age=31536000; includeSubDomains"]],
    ["Alt-Svc", ['h3=":443"; ma=86400']],
    ["Refresh", ["0; url=https://evil.test/"]],
    ["NEL", ['{"report_to":"x"}']],
    ["Report-To", ['{"group":"x"}']],
    ["Reporting-Endpoints", ['x="https://evil.test"']],
    ["Public-Key-Pins", ["max-age=1"]],
    ["Accept-CH", ["Sec-CH-UA-Full-Version-List"]],
    ["Critical-CH", ["Sec-CH-UA-Model"]],
    ["Expect-CT", ["max-age=1"]],
    ["Origin-Agent-Cluster", ["?0"]],
  ])("%s", async (name, values) => {
    const headers = [...values.map((value) => `${name}: ${value}`), "X-Kept: yes"];
    for (const status of ["200 OK", "404 Not Found", "302 Found"]) {
      answer = respond("ok", { status, headers });
      const response = await signedExchange(gateway, `${upstream.url}/`);
      expect(response.status).toBe(Number(status.slice(0, 3)));
      expect(response.all(name)).toEqual([]);
      expect(response.all("x-kept")).toEqual(["yes"]);
    }
  });
});
