import { describe, expect, test } from "bun:test";
import { gatewayUnderTest, signed } from "../../gateway/in_process_gateway.ts";
import { outcomeOf, signedRequest } from "../draft.ts";

/** Spellings that some server or other takes for the same path. */
const PATHS = [
  "/",
  "",
  "//",
  "/.",
  "/./",
  "/../",
  "/x/..",
  "/x/../",
  "/%2e/",
  "/%2F",
  "/%2f",
  "/%5c",
  "/\\",
  "/ ",
  "/%20",
  "/+",
  "/;",
  "/;a=b",
  "/\xff",
  "/%FF",
  "/\ufffd",
  "/%zz",
  "/%",
  "/%00",
  "/\n",
  "/%0A",
  "/signway",
  "/signway/",
  "/Signway/",
  "/signway//",
  "/signw%61y/",
  "/signway/index.html",
];

describe("a path other than the signed one is refused", () => {
  test.each(PATHS)("signed for %j", async (path) => {
    const request = signedRequest({ path });
    for (const other of PATHS) {
      const expected = other === path ? "accepted" : "signature_mismatch";
      const outcome = await outcomeOf({ ...request, path: other });
      expect([other, outcome]).toEqual([other, expected]);
    }
  });
});

describe("the path of the gateway's URL", () => {
  const request = (path: string) => {
    const url = new URL(signed().url);
    return new Request(`${url.origin}${path}${url.search}`);
  };

  test.each(["/x", "//", "/x/", "/%2F", "/%2e%2e%2f", "/%zz", "/%FF", "/signway/", "/%00"])(
    "a URL for / is refused at %s",
    async (path) => {
      const gateway = gatewayUnderTest();
      expect((await gateway.send(request(path))).status).toBe(400);
      expect(gateway.fetched).toHaveLength(0);
    },
  );

  // The parser of every URL library resolves dot segments: the path that is sent is the signed one.
  test.each(["/./", "/x/../", "/../", "/%2e%2e/"])("a URL for / is good at %s", async (path) => {
    expect(new URL(request(path).url).pathname).toBe("/");
    expect((await gatewayUnderTest().send(request(path))).status).toBe(200);
  });

  test("a prefix that a reverse proxy has stripped is the operator's to say", async () => {
    const path = "https://edge.example.net/signway/";
    const good = signedTargetAt(path);
    for (const publicPath of ["/signway", "/signway/", "/signway//"]) {
      expect((await gatewayUnderTest({ publicPath }).send(good)).status).toBe(200);
    }
    for (const publicPath of ["/", "/other", "/signway/x", "/Signway"]) {
      expect((await gatewayUnderTest({ publicPath }).send(good)).status).toBe(400);
    }
  });
});

/** A request to `/` that was signed for another path. */
function signedTargetAt(gateway: string): Request {
  const { origin, search } = new URL(signed({ gateway }).url);
  return new Request(`${origin}/${search}`);
}
