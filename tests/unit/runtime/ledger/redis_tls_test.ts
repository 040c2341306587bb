import { afterAll, expect, test } from "bun:test";
import { type Authority, createAuthority } from "../../../support/certificates.ts";
import { testProgram } from "../../../support/test_program.ts";
import { freePort } from "../../../support/free_port.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";

const authority: Authority = await createAuthority();
afterAll(() => authority[Symbol.asyncDispose]());
// The package of Valkey is built without TLS.
const program = (await storePrograms()).find(({ name }) => name === "redis")!;
const PROGRAM = [await testProgram()];

const TRUSTED = { NODE_EXTRA_CA_CERTS: authority.caFile };
const UNSAFE = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };

test.each([
  ["that is trusted is used", "IP:127.0.0.1", TRUSTED, 0],
  ["of an unknown authority is not", "IP:127.0.0.1", {}, 1],
  ["of another name is not", "DNS:other.example", TRUSTED, 1],
  ["is not, even when the environment says to trust everyone", "IP:127.0.0.1", UNSAFE, 1],
])("a server with a certificate %s", async (_, names, env, expected) => {
  const { certFile, keyFile } = await authority.issue({ names });
  const port = await freePort();
  const tls = ["--tls-port", String(port), "--tls-auth-clients", "no"];
  const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile];
  await using _server = await StoreServer.start({
    program,
    settings: [...tls, ...files, "--tls-ca-cert-file", authority.caFile],
  });
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [...PROGRAM, "ledger", "--ledger", `rediss://127.0.0.1:${port}`, "--app", "web"],
    {
      env: { PATH: process.env["PATH"]!, ...env },
    },
  );
  expect(exitCode).toBe(expected);
  const output = `${stdout}${stderr}`;
  expect(output).toContain(expected === 0 ? "Nothing is counted" : "cannot be reached");
});
