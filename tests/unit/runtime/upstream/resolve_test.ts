import { describe, expect, test } from "bun:test";
import { gatewayUnderTest, problemIn, signed } from "../../gateway/in_process_gateway.ts";
import { tryTarget } from "../../gateway/admission/grants.ts";

const ANY_PUBLIC = [{ headers: [] }];
const TARGET = "https://rebind.example.com:8443/x?q";
const PUBLIC = "93.184.215.14";
const PUBLIC_6 = "2606:4700:4700::1111";

const answering = (...addresses: string[]) => tryTarget(TARGET, ANY_PUBLIC, async () => addresses);

describe("a name with an address that is not public is refused", () => {
  test.each([
    ["loopback", ["127.0.0.1"]],
    ["loopback of IPv6", ["::1"]],
    ["private", ["10.1.2.3"]],
    ["link-local", ["169.254.169.254"]],
    ["link-local of IPv6, with its zone", ["fe80::1%eth0"]],
    ["unique local", ["fd00::1"]],
    ["mapped", ["::ffff:127.0.0.1"]],
    ["the unspecified one", ["0.0.0.0"]],
    ["a private one last", [PUBLIC, PUBLIC_6, "192.168.0.1"]],
    ["a private one first", ["192.168.0.1", PUBLIC]],
    ["a private one of the other family", [PUBLIC, "::1"]],
    ["none at all", []],
    ["no address", ["localhost"]],
    ["an empty one", [""]],
  ])("%s", async (_, addresses) => {
    expect(await answering(...addresses)).toEqual({
      code: "target_not_allowed",
      resolved: ["rebind.example.com"],
    });
  });
});

describe("the address that was checked is the one to connect to", () => {
  test.each([[[PUBLIC]], [[PUBLIC_6]], [[PUBLIC, PUBLIC_6, "1.1.1.1"]]])(
    "%j",
    async (addresses) => {
      const { upstream, resolved } = await answering(...addresses);
      expect(upstream?.address).toBe(addresses[0] ?? "");
      expect(upstream?.url.href).toBe(TARGET);
      expect(resolved).toEqual(["rebind.example.com"]);
    },
  );

  test("though a second answer differs", async () => {
    const answers = [[PUBLIC], ["127.0.0.1"]];
    const gateway = gatewayUnderTest({
      upstreams: ANY_PUBLIC,
      resolve: async () => answers.shift() ?? [],
    });
    expect((await gateway.send(signed({ target: TARGET }))).status).toBe(200);
    expect(gateway.fetched.map(({ upstream }) => upstream.address)).toEqual([PUBLIC]);
    expect(answers).toHaveLength(1);

    const second = await gateway.send(signed({ target: TARGET }));
    expect((await problemIn(second))["code"]).toBe("target_not_allowed");
    expect(gateway.fetched).toHaveLength(1);
  });
});

describe("a name that does not resolve", () => {
  test("is unreachable", async () => {
    const attempt = await tryTarget(TARGET, ANY_PUBLIC, () =>
      Promise.reject(new Error("getaddrinfo ENOTFOUND rebind.example.com")),
    );
    expect(attempt).toEqual({ code: "upstream_unreachable", resolved: ["rebind.example.com"] });
  });

  test("is not told to the client", async () => {
    const gateway = gatewayUnderTest({
      upstreams: ANY_PUBLIC,
      resolve: () => Promise.reject(new Error("getaddrinfo ENOTFOUND rebind.example.com")),
    });
    const response = await gateway.send(signed({ target: TARGET }));
    expect(response.status).toBe(502);
    expect(await response.text()).not.toMatch(/rebind|ENOTFOUND|getaddrinfo/);
    expect(gateway.fetched).toHaveLength(0);
  });
});
