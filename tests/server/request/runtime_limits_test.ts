import { afterAll, describe, expect, test } from "bun:test";
import type { HttpMessage } from "../../support/http_message.ts";
import { connect, exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { ROOT } from "../../support/root.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

/** Responds with as many fields, and with a field as long, as the request's target says. */
function answer({ startLine }: HttpMessage) {
  const numberOf = (name: string) => Number(new RegExp(`${name}=(\\d+)`).exec(startLine)?.[1] ?? 0);
  const fields = Array.from({ length: numberOf("fields") }, (_, index) => `X-${index}: v`);
  const long = numberOf("length");
  return [
    respond("ok", { headers: [...fields, ...(long ? [`X-Long: ${"v".repeat(long)}`] : [])] }),
  ];
}

const upstream = await startUpstream(answer);
const gateway = await startConfigured({
  route: [{ path: "/", upstream: upstream.url, signature: "none" }],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const HEAD = "Host: gateway.test\r\nConnection: close\r\n";
const get = (target: string, more = "") => `GET ${target} HTTP/1.1\r\n${HEAD}${more}\r\n`;
const fields = (count: number) =>
  Array.from({ length: count }, (_, index) => `X-${index}: v\r\n`).join("");

/** The status and the code of a refusal, and how many requests the upstream got. */
async function outcomeOf(bytes: string) {
  const before = upstream.requests.length;
  const response = parseResponse(await exchange(gateway.port, bytes));
  const problem = response?.all("x-sw-problem") ?? [];
  return [response?.status, ...problem, upstream.requests.length - before];
}

// docs/operations.md, *Limits of the runtime*.
describe("a limit of the runtime", () => {
  test.each<[string, string, (string | number | undefined)[]]>([
    ["a request head of 16 kB", get("/", `X-A: ${"a".repeat(16_000)}\r\n`), [200, 1]],
    ["a longer one", get("/", `X-A: ${"a".repeat(16_500)}\r\n`), [431, 0]],
    ["126 fields and two more", get("/", fields(126)), [200, 1]],
    ["127 fields and two more", get("/", fields(127)), [431, "headers_too_large", 0]],
    ["very many fields", get("/", fields(260)), [431, 0]],
    ["a URL of 15,000 characters", get(`/${"a".repeat(15_000)}`), [200, 1]],
    ["a longer one", get(`/${"a".repeat(15_400)}`), [414, "url_too_long", 0]],
    ["250 response fields", get("/?fields=250"), [200, 1]],
    ["260 response fields", get("/?fields=260"), [502, "upstream_broken", 1]],
    ["a response head of 32 kB", get("/?length=32000"), [200, 1]],
    ["a longer one", get("/?length=33000"), [502, "upstream_broken", 1]],
    ["a very long one", get("/?length=70000"), [502, "upstream_broken", 1]],
  ])("%s", async (_, bytes, expected) => {
    expect(await outcomeOf(bytes)).toEqual(expected);
  });

  test("a second request before the first response closes the connection", async () => {
    const before = upstream.requests.length;
    using client = await connect(gateway.port);
    await client.write(
      `GET /1 HTTP/1.1\r\nHost: gateway.test\r\n\r\nGET /2 HTTP/1.1\r\n${HEAD}\r\n`,
    );
    await client.closed();
    expect(String(client.received())).toBe("");
    expect(upstream.requests.length - before).toBeLessThanOrEqual(1);
  });

  test("a request with trailer fields is 400, and its upstream may get it, without them", async () => {
    const body = "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n";
    const bytes = `POST /trailers HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n${body}`;
    const isSent = ({ startLine }: HttpMessage) => startLine.startsWith("POST /trailers ");
    const sent = () => upstream.requests.find(isSent);
    // The runtime closes the connection. Whether the request was sent before is up to chance.
    await waitUntil("the request", async () => {
      const response = parseResponse(await exchange(gateway.port, bytes));
      expect([response?.status, response?.all("x-sw-problem")]).toEqual([400, []]);
      return sent() !== undefined;
    });
    expect(String(sent()!.body)).toBe("abc");
    expect(JSON.stringify(sent())).not.toContain("X-Trailer");
  });

  test.each([
    ["HTTP/1.1", "100-continue", "HTTP/1.1 100 Continue"],
    ["HTTP/1.0", "100-continue", "HTTP/1.1 100 Continue"],
    ["HTTP/1.1", "another", "HTTP/1.1 200 OK"],
  ])("over %s, Expect: %s", async (version, expectation, startLine) => {
    const more = `Expect: ${expectation}\r\nContent-Length: 3\r\n`;
    const bytes = `POST / ${version}\r\n${HEAD}${more}\r\nabc`;
    expect(String(await exchange(gateway.port, bytes))).toStartWith(`${startLine}\r\n`);
  });
});

test("docs/operations.md names them", async () => {
  const page = await Bun.file(`${ROOT}/docs/operations.md`).text();
  const section = page.slice(page.indexOf("## Limits of the runtime"));
  for (const words of ["16 kB", "128", "15,360", "32 kB", "pipelining", "trailer", "Expect"]) {
    expect(section).toContain(words === "128" ? "129 fields" : words);
  }
});
