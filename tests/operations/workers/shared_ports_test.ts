import { describe, expect, test } from "bun:test";
import { createAuthority } from "../../support/certificates.ts";
import { freePort } from "../../support/free_port.ts";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { runSignway } from "../../support/run_signway.ts";

const authority = await createAuthority();
const { certFile, keyFile } = await authority.issue();
const TLS = ["--tls-cert", certFile, "--tls-key", keyFile];
const ADDRESS = "127.0.0.1";

/** The ways in which a gateway takes a port, beside the port of its own that it may need. */
const MAIN: readonly (readonly [string, string[]])[] = [
  ["http", []],
  ["https", TLS],
  ["http with two workers", ["--workers", "2"]],
  ["https with two workers", [...TLS, "--workers", "2"]],
];
const ADMIN: readonly (readonly [string, string[]])[] = [
  ["the admin listener", []],
  ["the admin listener of two workers", ["--workers", "2"]],
];

/** Starts a second gateway, which has to end by itself. */
async function startSecond(port: number, args: string[]) {
  const { id, secret } = CREDENTIAL;
  const env = { SW_ID: id, SW_SECRET: secret };
  const { code, stderr } = await runSignway([...args, "--host", ADDRESS], { env });
  const place = `${ADDRESS}:${port}${args.includes("--admin") ? " for admin" : ""}`;
  const line = `signway: cannot listen on ${place} (EADDRINUSE): the address is already in use. End what listens there, or choose another one\n`;
  return { outcome: { code, stderr }, expected: { code: 1, stderr: line } };
}

async function expectRefused(port: number): Promise<void> {
  const attempts = [
    ...MAIN.map(([, args]) => [...args, "--port", String(port)]),
    ...ADMIN.map(([, args]) => [...args, "--port", "0", "--admin", `${ADDRESS}:${port}`]),
  ];
  for (const args of attempts) {
    const { outcome, expected } = await startSecond(port, args);
    expect({ args, ...outcome }).toEqual({ args, ...expected });
  }
}

describe("a port is had by one gateway alone, whichever way the second one wants it:", () => {
  test.each(MAIN)(
    "the port of %s",
    async (_, args) => {
      await using gateway = await startGateway({ args });
      await expectRefused(gateway.port);
      expect(await gateway.stop()).toBe(0);
    },
    60_000,
  );

  test.each(ADMIN)(
    "the port of %s",
    async (_, args) => {
      const port = await freePort();
      await using gateway = await startGateway({
        args: [...args, "--admin", `${ADDRESS}:${port}`],
      });
      await expectRefused(port);
      expect(await gateway.stop()).toBe(0);
    },
    60_000,
  );
});

// RFC 5737 keeps this address for documentation.
const ELSEWHERE = "192.0.2.1";

describe("an address that nobody can listen on is reported with the reason:", () => {
  test.each([
    ["no-such-host.invalid", "(ENOTFOUND): the name does not resolve"],
    ["127.0.0.300", "(ENOTFOUND): the name does not resolve"],
    [ELSEWHERE, "(EADDRNOTAVAIL): this machine does not have this address"],
  ])(
    "%s",
    async (host, reason) => {
      const { id, secret } = CREDENTIAL;
      const env = { SW_ID: id, SW_SECRET: secret };
      const port = await freePort();
      for (const more of [[], ["--workers", "2"]]) {
        const own = ["--host", host, "--port", `${port}`];
        const admin = ["--host", ADDRESS, "--port", "0", "--admin", `${host}:${port}`];
        for (const [args, place] of [
          [own, `${host}:${port}`],
          [admin, `${host}:${port} for admin`],
        ] as const) {
          const { code, stderr } = await runSignway([...more, ...args], { env });
          const line = `signway: cannot listen on ${place} ${reason}\n`;
          expect([code, stderr]).toEqual([1, line]);
        }
      }
    },
    60_000,
  );
});
