import { expect, setDefaultTimeout, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { CREDENTIAL, type Gateway, startGateway } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
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
