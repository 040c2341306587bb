import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { type CertificateOptions, createAuthority } from "../../support/certificates.ts";
import { startGateway } from "../../support/gateway.ts";
import { respond } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const authority = await createAuthority();

afterAll(() => authority[Symbol.asyncDispose]());

const KEY = "canary-key-of-an-upstream";

/** A TLS server that keeps every byte that came after a handshake. */
async function startTlsUpstream(options: CertificateOptions, protocols?: string[]) {
  const { cert, key } = await authority.issue(options);
  const sockets: TLSSocket[] = [];
  let received = "";
  let handshakes = 0;
  const tls = { cert, key, ...(protocols && { ALPNProtocols: protocols }) };
  const server = createServer(tls, (socket) => {
    sockets.push(socket);
    handshakes += 1;
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      received += data.toString("latin1");
      if (received.endsWith("\r\n\r\n")) socket.write(respond("over TLS"));
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received: () => received,
    handshakes: () => handshakes,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function ask(host: string, options: CertificateOptions, args: string[], env = {}) {
  await using upstream = await startTlsUpstream(options);
  const url = `https://${host}:${upstream.port}`;
  const rule = ["--upstream", url, "--header", `X-Key: ${KEY}`];
  await using gateway = await startGateway({ args: [...rule, ...args], env });
  const responses = [];
  // More than one, since what is learnt from the first must not weaken the next.
  for (let i = 0; i < 3; i += 1) responses.push(await signedExchange(gateway, `${url}/path?query`));
  const output = gateway.stdout() + gateway.stderr();
  return { responses, received: upstream.received(), output };
}

const TRUSTED = ["--upstream-ca", authority.caFile];

describe("an upstream whose certificate is wrong gets no key", () => {
  const wrong: [name: string, host: string, options: CertificateOptions, args: string[]][] = [
    ["expired", "127.0.0.1", { expired: true }, TRUSTED],
    ["self-signed", "127.0.0.1", { selfSigned: true }, TRUSTED],
    ["self-signed, without an authority", "127.0.0.1", { selfSigned: true }, []],
    ["of an unknown authority", "127.0.0.1", {}, []],
    ["for another name", "localhost", { names: "DNS:other.test" }, TRUSTED],
    ["for another address", "127.0.0.1", { names: "IP:127.0.0.2" }, TRUSTED],
    ["for a name and not the address", "127.0.0.1", { names: "DNS:localhost" }, TRUSTED],
    ["for part of the name", "localhost", { names: "DNS:local" }, TRUSTED],
  ];
  test.each(wrong)("%s", async (_, host, options, args) => {
    const { responses, received, output } = await ask(host, options, args);
    for (const response of responses) {
      expect(response.status).toBe(502);
      expect(problemOf(response)["code"]).toBe("upstream_unreachable");
    }
    expect(received).toBe("");
    expect(output).not.toMatch(/canary|query/);
  });

  test("even when the environment says to trust everyone", async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const { responses, received } = await ask("127.0.0.1", { selfSigned: true }, [], env);
    expect(responses.map(({ status }) => status)).toEqual([502, 502, 502]);
    expect(received).toBe("");
  });
});

describe("--upstream-ca", () => {
  test.each<[string, string, CertificateOptions]>([
    ["an address", "127.0.0.1", {}],
    ["a name", "localhost", { names: "DNS:localhost" }],
    ["a name by a wildcard", "localhost", { names: "DNS:*.test,DNS:localhost" }],
  ])("is honoured for %s", async (_, host, options) => {
    const { responses, received, output } = await ask(host, options, TRUSTED);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(responses.map(({ body }) => body.toString())).toEqual(Array(3).fill("over TLS"));
    expect(received.split("\r\n")).toContain(`X-Key: ${KEY}`);
    expect(output).not.toMatch(/canary|query/);
  });
});

describe("an authority that a variable of the environment names", () => {
  const variables: [name: string, value: string][] = [
    ["SSL_CERT_FILE", authority.caFile],
    ["SSL_CERT_DIR", dirname(authority.caFile)],
    ["NODE_EXTRA_CA_CERTS", authority.caFile],
  ];

  // A folder of authorities is read by the hashes of their names.
  beforeAll(async () => {
    await Bun.$`openssl rehash ${dirname(authority.caFile)}`.quiet();
  });

  test.each(variables)("is trusted: %s", async (name, value) => {
    const { responses } = await ask("127.0.0.1", {}, [], { [name]: value });
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test.each(variables)("is not trusted beside --upstream-ca: %s", async (name, value) => {
    await using other = await createAuthority();
    const args = ["--upstream-ca", other.caFile];
    const { responses, received } = await ask("127.0.0.1", {}, args, { [name]: value });
    expect(responses.map(({ status }) => status)).toEqual([502, 502, 502]);
    expect(received).toBe("");
  });
});
