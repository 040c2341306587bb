import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const elsewhere = await startUpstream([respond("never asked for")]);
const upstream = await startUpstream(({ startLine }) => {
  const { searchParams } = new URL(startLine.split(" ")[1] ?? "", "http://upstream");
  const headers = [`Location: ${searchParams.get("location")}`];
  return [respond("moved", { status: `${searchParams.get("status")} Moved`, headers })];
});
const gateway = await startGateway({
  args: ["--upstream", upstream.url, "--header", "X-Api-Key: injected"],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await elsewhere.stop();
});

const LOCATIONS = [
  ["another port", `${elsewhere.url}/`],
  ["another host", `http://localhost:${elsewhere.port}/`],
  ["another host without a scheme", `//127.0.0.1:${elsewhere.port}/path`],
  ["another scheme", `https://127.0.0.1:${elsewhere.port}/`],
  ["the same host", `${upstream.url}/again`],
  ["a path", "/again"],
] as const;

describe("redirects pass through", () => {
  const cases = [301, 302, 303, 307, 308].flatMap((status) =>
    LOCATIONS.map(([where, location]) => [status, where, location] as const),
  );
  test.each(cases)("%i to %s", async (status, _, location) => {
    const before = upstream.requests.length;
    const query = new URLSearchParams({ status: String(status), location });
    const response = await signedExchange(gateway, `${upstream.url}/?${query}`);
    expect(response.status).toBe(status);
    expect(response.all("location")).toEqual([location]);
    expect(response.body.toString()).toBe("moved");
    expect(upstream.requests).toHaveLength(before + 1);
    expect(elsewhere.connections).toHaveLength(0);
  });
});
