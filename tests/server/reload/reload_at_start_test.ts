import { expect, setDefaultTimeout, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { CREDENTIAL, type Gateway, type LogLine, startGateway } from "../../support/gateway.ts";
import { jsonLines } from "../../support/json_lines.ts";
import { ignoresUserSignals } from "../../support/processes.ts";
import { PROGRAM } from "../../support/run_signway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { appWith, SECRETS } from "./reloading.ts";

setDefaultTimeout(60_000);

// What is left to chance is tried more than once.
const ROUNDS = [1, 2, 3, 4, 5];

const loaded = (gateway: Gateway) =>
  waitFor("the reload", () => gateway.lines().find(({ msg }) => msg === "configuration loaded"));

test("whoever sees the start line may send SIGHUP", async () => {
  for (const _ of ROUNDS) {
    await using gateway = await startGateway();
    gateway.kill("SIGHUP");
    const ended = gateway.exited.then((code) => `ended with ${code}`);
    expect(await Promise.race([loaded(gateway), ended])).toMatchObject({ changed: [] });
  }
});

test("whoever sees the start line may send SIGTERM, and it ends in order", async () => {
  for (const _ of ROUNDS) {
    await using gateway = await startGateway();
    expect(await gateway.stop("SIGTERM")).toBe(0);
  }
});

test("whoever sees the start line may change the file", async () => {
  for (const _ of ROUNDS) {
    await using folder = await folderWith({
      "main.json": JSON.stringify(appWith(SECRETS.old, "https://a.example/")),
    });
    await using gateway = await startGateway({ args: ["--config", folder.path("main.json")] });
    await Bun.write(
      folder.path("main.json"),
      JSON.stringify(appWith(SECRETS.new, "https://a.example/")),
    );
    expect(await loaded(gateway)).toMatchObject({ changed: [`app ${CREDENTIAL.id} changed`] });
  }
});

test.each([1, 2])("SIGHUP during the start of %i workers is obeyed afterwards", async (count) => {
  await using folder = await folderWith({
    "main.json": JSON.stringify(appWith(SECRETS.old, "https://a.example/")),
  });
  const args = ["--config", folder.path("main.json"), "--no-watch", "--workers", `${count}`];
  const { PATH = "" } = process.env;
  const child = Bun.spawn([PROGRAM, ...args, "--host", "127.0.0.1", "--port", "0"], {
    env: { PATH, BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await waitUntil("its handlers", () => ignoresUserSignals(child.pid));
    child.kill("SIGHUP");
    const seen: string[] = [];
    for await (const line of jsonLines(child.stdout)) {
      seen.push((line as LogLine).msg);
      if (seen.filter((msg) => msg === "configuration loaded").length === count) break;
    }
    expect(seen.toSorted()).toEqual([
      ...Array<string>(count).fill("configuration loaded"),
      ...Array<string>(count).fill("listening"),
    ]);
    expect(seen[0]).toBe("listening");
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
});
