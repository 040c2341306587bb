import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { DENIED, headerSignature, SIGNED } from "../../support/header_signature.ts";

const upstream = await startUpstream([respond("ok")]);
const FIELDS = ["path", "QUERY_STRING", "HTTP_X_A", "body"];
const routeWith = (path: string, delimiter: string, fields = FIELDS) => ({
  path,
  upstream: upstream.url,
  signature: { ...SIGNED, fields, delimiter },
});
const gateway = await startConfigured({
  route: [
    routeWith("/bar/", "|"),
    routeWith("/two/", "--"),
    routeWith("/line/", "\n"),
    routeWith("/none/", ""),
    routeWith("/alone/", "", ["path", "method"]),
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** Sends a request that is rightly signed over path, query, header and body. */
async function send(delimiter: string, [path, query, header, body]: string[]) {
  const values = [decodeURIComponent(path!), query!, header!, body!];
  const signature = headerSignature(values, { delimiter });
  return await plainExchange(gateway, "POST", `${path}?${query}`, {
    headers: [`Signature: ${signature}`, `X-A: ${header}`],
    body: body!,
  });
}

describe("a value that holds the delimiter is refused", () => {
  test.each([
    ["the path", "|", ["/bar/a%7Cb", "q", "h", "b"]],
    ["the end of the path", "|", ["/bar/%7C", "q", "h", "b"]],
    ["the query", "|", ["/bar/", "q|r", "h", "b"]],
    ["a header", "|", ["/bar/", "q", "h|", "b"]],
    ["one end of the delimiter", "--", ["/two/", "q-", "h", "b"]],
    ["one beginning", "--", ["/two/", "q", "-h", "b"]],
    ["a line end in the path", "\n", ["/line/a%0Ab", "q", "h", "b"]],
  ])("%s", async (_, delimiter, values) => {
    const before = upstream.requests.length;
    expect(problemOf(await send(delimiter, values))).toMatchObject(DENIED);
    expect(upstream.requests).toHaveLength(before);
  });

  test.each([
    ["|", ["/bar/", "q", "h", "{|}|"]],
    ["--", ["/two/", "q", "h", "----"]],
    ["\n", ["/line/", "q|r", "h|", "{\n}\n"]],
  ])("%j in the body is as good as any text", async (delimiter, values) => {
    expect((await send(delimiter, values)).status).toBe(200);
    expect(upstream.requests.at(-1)?.body.toString()).toBe(values[3]!);
  });
});

test("the log warns at the start of what a signature leaves open", () => {
  const warnings = gateway.lines().filter(({ level }) => level === "warn");
  const texts = (code: string) => warnings.filter((line) => line["code"] === code);
  expect(texts("fields_touch").map(({ msg }) => msg)).toEqual([
    expect.stringContaining("route /none/ signs path, QUERY_STRING, HTTP_X_A, body without"),
  ]);
  expect(texts("delimiter_in_field").map(({ msg }) => msg)).toEqual([
    expect.stringContaining(
      "route /bar/ refuses requests with its delimiter in path, QUERY_STRING",
    ),
    expect.stringContaining(
      "route /two/ refuses requests with its delimiter in path, QUERY_STRING",
    ),
  ]);
});
