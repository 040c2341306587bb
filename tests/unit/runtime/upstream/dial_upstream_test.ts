import { afterAll, describe, expect, test } from "bun:test";
import { createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import type { OpenedSocket } from "../../../../lib/gateway/dial_upstream.ts";
import type { AuthorizedTarget } from "../../../../lib/gateway/model/grant.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { createDial, type DialOptions } from "../../../../lib/runtime/upstream/dial_upstream.ts";
import { type Certificate, createAuthority } from "../../../support/certificates.ts";
import { startFullListener } from "../../../support/full_listener.ts";
import { acceptOf, startSocketUpstream } from "../../../support/sockets/socket_upstream.ts";

const authority = await createAuthority();
const upstream = await startSocketUpstream();
afterAll(async () => {
  await authority[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const timers = new TimerWheel();

async function dial(
  target: Omit<AuthorizedTarget, "rule">,
  options: Partial<DialOptions> = {},
  cancel = new AbortController(),
): Promise<OpenedSocket | Response> {
  const handshake = {
    headers: new Headers(),
    protocols: [],
    maxMessage: 1000,
    signal: cancel.signal,
  };
  return await createDial({ timers, ...options })(
    { rule: { headers: [] }, ...target },
    handshake,
    (reason) => cancel.abort(reason),
  );
}

const codeOf = async (dialled: Promise<unknown>) => {
  const error = await dialled.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GatewayError);
  expect((error as GatewayError).message).not.toContain("//");
  return (error as GatewayError).code;
};

describe("dialUpstream", () => {
  test("connects to nothing when the handshake has been aborted", async () => {
    const cancel = new AbortController();
    cancel.abort();
    const url = new URL(`http://127.0.0.1:${upstream.port}/x`);
    const before = upstream.handshakes.length;
    await expect(dial({ url }, {}, cancel)).rejects.toThrow("aborted");
    await Bun.sleep(50);
    expect(upstream.handshakes).toHaveLength(before);
  });

  test("connects to the address that was checked, and names the host", async () => {
    const url = new URL(`http://name.invalid:${upstream.port}/x`);
    const opened = await dial({ url, address: "127.0.0.1" });
    expect(opened).not.toBeInstanceOf(Response);
    await upstream.next();
    expect(upstream.handshakes.at(-1)!.all("host")).toEqual([`name.invalid:${upstream.port}`]);
  });

  test.each(["http_proxy", "HTTP_PROXY", "ALL_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED"])(
    "%s of the environment is ignored",
    async (name) => {
      const program = `
        const { createDial } = await import("./lib/runtime/upstream/dial_upstream.ts");
        const { TimerWheel } = await import("./lib/gateway/time/timer_wheel.ts");
        const handshake = { headers: new Headers(), protocols: [], maxMessage: 9, signal: new AbortController().signal };
        const dial = createDial({ timers: new TimerWheel() });
        const url = new URL(process.argv[1]);
        await dial({ url, rule: { headers: [] } }, handshake, () => {})
          .then(() => console.log("opened"), (error) => console.log(error.code));
        process.exit();`;
      await using plain = await startSocketUpstream();
      await using secure = await startSecure(await authority.issue());
      for (const [url, result] of [
        [`http://127.0.0.1:${plain.port}/`, "opened"],
        [secure.url, "upstream_unreachable"],
      ] as const) {
        const value = name.startsWith("NODE") ? "0" : "http://127.0.0.1:1";
        const child = Bun.spawn([process.execPath, "-e", program, url], {
          env: { PATH: process.env["PATH"], [name]: value },
          cwd: new URL("../../../../", import.meta.url).pathname,
        });
        expect([url, (await new Response(child.stdout).text()).trim()]).toEqual([url, result]);
      }
      expect(plain.handshakes).toHaveLength(1);
    },
  );

  test.each([
    ["a port where nobody listens", "http://127.0.0.1:1/"],
    ["a name that does not resolve", "http://name.invalid/"],
  ])("%s is upstream_unreachable", async (_, url) => {
    expect(await codeOf(dial({ url: new URL(url) }))).toBe("upstream_unreachable");
  });

  test("a connection that takes too long is aborted", async () => {
    await using full = await startFullListener();
    const cancel = new AbortController();
    const dialled = dial({ url: new URL(full.url) }, { connectTimeout: 0.4 }, cancel);
    await dialled.catch(() => {});
    expect(cancel.signal.reason).toMatchObject({ code: "upstream_timeout" });
  });
});

async function startSecure({ cert, key }: Certificate) {
  const names: unknown[] = [];
  const server = createServer({ cert, key }, (socket) => {
    names.push(socket.servername);
    socket.on("error", () => {});
    socket.once("data", (head) => {
      const [, accepted = ""] = /sec-websocket-key: (.*)\r/i.exec(head.toString()) ?? [];
      const lines = ["HTTP/1.1 101 X", "Upgrade: websocket", "Connection: Upgrade"];
      socket.write([...lines, `Sec-WebSocket-Accept: ${acceptOf(accepted)}`, "", ""].join("\r\n"));
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/`,
    port,
    names,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

describe("dialUpstream over TLS", () => {
  test("trusts the operator's certificates, and names the host at the checked address", async () => {
    await using secure = await startSecure(await authority.issue({ names: "DNS:name.invalid" }));
    const url = new URL(`https://name.invalid:${secure.port}/`);
    const opened = await dial({ url, address: "127.0.0.1" }, { upstreamCa: authority.ca });
    expect(opened).not.toBeInstanceOf(Response);
    expect(secure.names).toEqual(["name.invalid"]);
  });

  test.each<[what: string, names: string, ca: boolean]>([
    ["another name in the certificate", "DNS:other.invalid", true],
    ["an authority that nobody trusts", "DNS:name.invalid", false],
  ])("refuses %s", async (_, names, ca) => {
    await using secure = await startSecure(await authority.issue({ names }));
    const url = new URL(`https://name.invalid:${secure.port}/`);
    const options = ca ? { upstreamCa: authority.ca } : {};
    expect(await codeOf(dial({ url, address: "127.0.0.1" }, options))).toBe("upstream_unreachable");
  });
});
