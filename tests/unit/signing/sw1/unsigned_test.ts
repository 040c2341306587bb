import { describe, expect, test } from "bun:test";
import { GATEWAY, gatewayUnderTest, problemIn, signed } from "../../gateway/in_process_gateway.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const without = (name: string) => (query: string) =>
  query
    .split("&")
    .filter((pair) => !pair.startsWith(`${name}=`))
    .join("&");

const valued = (name: string, value: string) => (query: string) =>
  query.replace(new RegExp(`(${name})=[^&]*`), `$1${value}`);

/** What is left of a good query, and the code of the refusal. */
const WAYS: [name: string, change: (query: string) => string, code: string][] = [
  ["no query at all", () => "", "signature_missing"],
  ["another query", () => "a=b", "signature_missing"],
  ["the signature absent", without("X-Sw-Signature"), "signature_missing"],
  ["the signature empty", valued("X-Sw-Signature", "="), "signature_missing"],
  ["the signature a bare name", valued("X-Sw-Signature", ""), "signature_missing"],
  ["the algorithm absent", without("X-Sw-Algorithm"), "parameter_missing"],
  ["the algorithm empty", valued("X-Sw-Algorithm", "="), "algorithm_unknown"],
  ["the algorithm none", valued("X-Sw-Algorithm", "=none"), "algorithm_unknown"],
  ["the credential absent", without("X-Sw-Credential"), "parameter_missing"],
  ["the credential empty", valued("X-Sw-Credential", "="), "parameter_malformed"],
  ["the target alone", (query) => /X-Sw-Proxy=[^&]*/.exec(query)?.[0] ?? "", "signature_missing"],
  ["the parameters in a fragment", (query) => `#${query}`, "request_malformed"],
];

describe("a request without a whole signature reaches no upstream", () => {
  for (const method of METHODS) {
    describe(method, () => {
      test.each(WAYS)("%s", async (_, change, code) => {
        for (const body of method === "GET" || method === "HEAD" ? [null] : [null, "a body"]) {
          const gateway = gatewayUnderTest();
          const url = new URL(signed({ method }).url);
          const query = change(url.search.slice(1));
          const response = await gateway.send(new Request(`${GATEWAY}?${query}`, { method, body }));
          if (
            method === "OPTIONS" &&
            !query.includes("X-Sw-Algorithm=") &&
            !query.startsWith("#")
          ) {
            // It is no signed URL, and the gateway answers it by itself.
            expect(response.status).toBe(204);
          } else {
            expect(response.status).toBe(400);
            expect((await problemIn(response))["code"]).toBe(code);
          }
          expect(gateway.fetched).toHaveLength(0);
          expect(gateway.resolved).toHaveLength(0);
        }
      });
    });
  }
});

describe("a signature that is somewhere else than in the query is none", () => {
  const pairs = () => new URL(signed({ method: "POST" }).url).searchParams;
  const signature = () => pairs().get("X-Sw-Signature") ?? "";
  const unsigned = () => without("X-Sw-Signature")(pairs().toString());
  test.each<[string, () => Request]>([
    ["in a header", () => post(unsigned(), { "X-Sw-Signature": signature() })],
    ["in Authorization", () => post("", { Authorization: `SW1-HMAC-SHA256 ${pairs()}` })],
    ["in a cookie", () => post(unsigned(), { Cookie: `X-Sw-Signature=${signature()}` })],
    ["in a form", () => post("", {}, pairs())],
    ["half of it in a form", () => post(unsigned(), {}, `X-Sw-Signature=${signature()}`)],
  ])("%s", async (_, request) => {
    const gateway = gatewayUnderTest();
    const response = await gateway.send(request());
    expect((await problemIn(response))["code"]).toBe("signature_missing");
    expect(gateway.fetched).toHaveLength(0);
  });
});

test("the same requests with their signatures are forwarded", async () => {
  for (const method of METHODS) {
    const gateway = gatewayUnderTest();
    expect((await gateway.send(signed({ method }))).status).toBe(200);
    expect(gateway.fetched).toHaveLength(1);
  }
});

function post(query: string, headers: Record<string, string>, body: BodyInit = ""): Request {
  return new Request(`${GATEWAY}?${query}`, { method: "POST", headers, body });
}
