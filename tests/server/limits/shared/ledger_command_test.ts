import { afterAll, expect, test } from "bun:test";
import { freePort } from "../../../support/free_port.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { runSignway } from "../../../support/run_signway.ts";

const [program] = await storePrograms();
if (!program) throw new Error("neither Redis nor Valkey can be started");
const server = await StoreServer.start({ program });
afterAll(() => server[Symbol.asyncDispose]());

const MAY_NOT = "its user may not run a command that the ledger needs: ";

test.each<[what: string, rights: readonly string[]]>([
  ["no scripts", ["+@connection", "+info"]],
  ["no INFO", ["+@connection", "+@scripting"]],
  ["no keys", ["+@all", "resetkeys"]],
])("signway ledger tells that a user may use %s", async (_, rights) => {
  await server.ask("ACL", "SETUSER", "limited", "reset", "on", ">canary", "~sw1:*", ...rights);
  const run = await runSignway(ledgerAt(`redis://limited:canary@127.0.0.1:${server.port}`));
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toContain(`127.0.0.1:${server.port}: ${MAY_NOT}`);
  expect(run.stderr).not.toContain("canary");
});

test("signway ledger tells that a server is not there", async () => {
  const port = await freePort();
  const run = await runSignway(ledgerAt(`redis://127.0.0.1:${port}`));
  expect(run).toMatchObject({ code: 1, stdout: "" });
  expect(run.stderr).toBe(
    `signway: the ledger redis://127.0.0.1:${port}: it cannot be reached: check the address, and whether the server runs\n`,
  );
});

function ledgerAt(location: string): string[] {
  return ["ledger", "--ledger", location, "--app", "web"];
}
