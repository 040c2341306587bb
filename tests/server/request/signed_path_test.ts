import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** Sends a URL that was signed for `/` with another path before its query, exactly as written. */
async function statusAt(path: string): Promise<number | "closed"> {
  const query = signedTarget(gateway.url, `${upstream.url}/`).slice(1);
  const answer = await exchange(gateway.port, requestBytes("GET", path + query));
  return parseResponse(answer)?.status ?? "closed";
}

describe("on the wire, a path other than the signed one is refused", () => {
  test.each([
    ["another", "/x"],
    ["a second slash", "//"],
    ["a slash more", "/x/"],
    ["an encoded slash", "/%2F"],
    ["an encoded slash in lower case", "/%2f"],
    ["an encoded backslash", "/%5c"],
    ["a blank, encoded", "/%20"],
    ["a raw 0xFF byte", "/\xff"],
    ["an encoded 0xFF byte", "/%FF"],
    ["a broken escape", "/%zz"],
    ["half of an escape", "/%"],
    ["an encoded NUL", "/%00"],
    ["an encoded newline", "/%0A"],
    ["a semicolon", "/;"],
    ["dot segments that lead elsewhere", "/x/../y"],
    ["dot segments encoded twice", "/%252e%252e/"],
    ["dots that are no segment", "/..."],
    ["a path before the query's own mark", "/?x=1/"],
  ])("%s", async (_, path) => {
    expect([400, "closed"]).toContain(await statusAt(path));
    expect(upstream.connections).toHaveLength(0);
  });
});

describe("on the wire, a path that resolves to the signed one is the signed one", () => {
  // The runtime resolves dot segments before the gateway sees them, as every URL parser does.
  test.each(["/", "/./", "/x/../", "/../", "/%2e%2e/"])("%s", async (path) => {
    expect(new URL(path, gateway.url).pathname).toBe("/");
    expect(await statusAt(path)).toBe(200);
    expect(upstream.requests.at(-1)?.startLine).toBe("GET / HTTP/1.1");
  });
});

describe("the path under which a reverse proxy publishes the gateway", () => {
  test("is told with --public-path", async () => {
    await using published = await startGateway({
      args: ["--upstream", upstream.url, "--public-path", "/signway"],
    });
    const signed = signedTarget("https://example.net/signway/", `${upstream.url}/`);
    const stripped = signed.replace("/signway", "");
    const statusOf = async (path: string) =>
      parseResponse(await exchange(published.port, requestBytes("GET", path)))?.status;
    expect(await statusOf(stripped)).toBe(200);
    expect(await statusOf(signed)).toBe(400);
    expect(await statusOf(signedTarget(published.url, `${upstream.url}/`))).toBe(400);
  });

  test("may stay in the path of signed URLs, but not of requests with tokens", async () => {
    const signed = signedTarget("https://example.net/signway/", `${upstream.url}/`);
    const answer = await exchange(gateway.port, requestBytes("GET", signed));
    expect(parseResponse(answer)?.status).toBe(200);
    const headers = [`Authorization: Bearer ${granting({ to: [`${upstream.url}/v1/`] })}`];
    const { host } = new URL(upstream.url);
    const refused = await exchange(
      gateway.port,
      requestBytes("GET", `/signway/${host}/v1`, { headers }),
    );
    const response = parseResponse(refused);
    expect(response?.status).toBe(403);
    expect(JSON.parse(response!.body.toString())).toMatchObject({ code: "target_not_granted" });
  });
});
