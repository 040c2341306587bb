import { describe, expect, test } from "bun:test";
import { gatewayUnderTest, problemIn, signed } from "../../gateway/in_process_gateway.ts";
import { outcomeOf, signedRequest } from "../draft.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

describe("a URL that is signed for one method is refused for another", () => {
  test.each(METHODS)("%s", async (method) => {
    const request = signedRequest({ method });
    for (const other of [...METHODS, "TRACE", "CONNECT", method.toLowerCase(), "", `${method}\n`]) {
      const expected = other === method ? "accepted" : "signature_mismatch";
      const outcome = await outcomeOf({ ...request, method: other });
      expect([other, outcome]).toEqual([other, expected]);
    }
  });

  test.each(METHODS)("%s, at the gateway", async (method) => {
    const { url } = signed({ method });
    for (const other of METHODS) {
      if (other === method) continue;
      const gateway = gatewayUnderTest();
      const response = await gateway.send(new Request(url, { method: other }));
      expect((await problemIn(response))["code"]).toBe("signature_mismatch");
      expect(gateway.fetched).toHaveLength(0);
    }
  });
});

describe("a header that names another method changes nothing", () => {
  test.each(["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])(
    "%s",
    async (name) => {
      const gateway = gatewayUnderTest();
      await gateway.send(signed({ headers: { [name]: "DELETE" } }));
      expect(gateway.fetched[0]?.request.method).toBe("GET");
      const { url } = signed({ method: "DELETE" });
      const response = await gateway.send(new Request(url, { headers: { [name]: "DELETE" } }));
      expect(response.status).toBe(400);
    },
  );
});
