import { describe, expect, test } from "bun:test";
import { hopByHopNames, nominatedNames } from "../../../../lib/gateway/delivery/hop_by_hop.ts";

const namesIn = (headers: Headers) => hopByHopNames(nominatedNames(headers));
import { gatewayUnderTest, signed } from "../in_process_gateway.ts";

const HOP_BY_HOP = [
  "ALPN",
  "Alt-Used",
  "C-Ext",
  "C-Man",
  "C-Opt",
  "C-PEP",
  "C-PEP-Info",
  "Capsule-Protocol",
  "Close",
  "Connection",
  "HTTP2-Settings",
  "Keep-Alive",
  "Proxy-Authenticate",
  "Proxy-Authentication-Info",
  "Proxy-Authorization",
  "Proxy-Connection",
  "Sec-Token-Binding",
  "TE",
  "Trailer",
  "Transfer-Encoding",
  "Upgrade",
];

describe("hopByHopNames", () => {
  test.each(HOP_BY_HOP)("%s ends here", (name) => {
    expect(namesIn(new Headers()).has(name.toLowerCase())).toBe(true);
  });

  test.each([
    ["close", ["close"]],
    ["X-Foo", ["x-foo"]],
    ["close, X-Foo ,x-bar", ["close", "x-foo", "x-bar"]],
    ["keep-alive,\tX-FOO\t", ["keep-alive", "x-foo"]],
    [",,X-Foo,", ["x-foo"]],
  ])("Connection: %j nominates", (value, names) => {
    const found = namesIn(new Headers({ Connection: value }));
    for (const name of names) expect([...found]).toContain(name);
  });

  test("every Connection line counts", () => {
    const headers = new Headers([
      ["Connection", "x-a"],
      ["connection", "x-b"],
    ]);
    const names = namesIn(headers);
    expect([names.has("x-a"), names.has("x-b")]).toEqual([true, true]);
  });

  test.each(["Content-Type", "Authorization", "Accept", "Content-Length", "Host"])(
    "%s does not end here by itself",
    (name) => {
      expect(namesIn(new Headers()).has(name.toLowerCase())).toBe(false);
    },
  );
});

describe("no hop-by-hop header passes", () => {
  const nominated = { Connection: "close, X-Nominated", "X-Nominated": "1", "X-Kept": "2" };
  const odd = HOP_BY_HOP.filter((name) => !/^(Connection|Transfer-Encoding)$/.test(name));

  test.each(odd)("%s, towards the upstream", async (name) => {
    const gateway = gatewayUnderTest();
    await gateway.send(signed({ headers: { ...nominated, [name]: "value" } }));
    const headers = gateway.fetched[0]?.request.headers;
    expect(headers?.has(name)).toBe(false);
    expect(headers?.has("connection")).toBe(false);
    expect(headers?.has("x-nominated")).toBe(false);
    expect(headers?.get("x-kept")).toBe("2");
  });

  test.each(odd)("%s, towards the client", async (name) => {
    const answer = () => new Response("", { headers: { ...nominated, [name]: "value" } });
    const { headers } = await gatewayUnderTest({ answer }).send(signed());
    expect(headers.has(name)).toBe(false);
    expect(headers.has("connection")).toBe(false);
    expect(headers.has("x-nominated")).toBe(false);
    expect(headers.get("x-kept")).toBe("2");
  });
});
