import { expect, test } from "bun:test";
import { copyFile, rename } from "node:fs/promises";
import { folderWith } from "../../support/folder.ts";
import { startGateway } from "../../support/gateway.ts";
import { childrenOf } from "../../support/processes.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { testProgram } from "../../support/test_program.ts";
import { waitFor } from "../../support/wait_for.ts";

test("a worker that cannot be started is tried again, and the others go on", async () => {
  await using folder = await folderWith();
  const [program, away] = [folder.path("signway"), folder.path("away")];
  await copyFile(await testProgram(), program);
  await using gateway = await startGateway({ command: [program], args: ["--workers", "2"] });
  const countOf = (text: string) => gateway.lines().filter(({ msg }) => msg === text).length;
  await waitFor("both workers", () => countOf("listening") === 2);
  await rename(program, away);
  const [worker] = await childrenOf(gateway.pid);
  process.kill(worker!, "SIGKILL");
  await waitFor("two attempts", () => countOf("worker not started") >= 2);
  const line = gateway.lines().find(({ msg }) => msg === "worker not started");
  expect(line).toMatchObject({ level: "error", reason: "ENOENT", restart_ms: expect.any(Number) });
  expect((await signedExchange(gateway, "http://127.0.0.1:1/")).status).toBe(403);
  await rename(away, program);
  await waitFor("its successor", () => countOf("listening") === 3);
}, 60_000);
