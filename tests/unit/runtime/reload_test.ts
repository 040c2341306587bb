import { expect, test } from "bun:test";
import { loadSettingsFile } from "../../../lib/cli/support/load_settings.ts";
import { restartKeys } from "../../../lib/config/describe_changes.ts";
import type { Settings } from "../../../lib/config/settings.ts";
import type { RunningGateway } from "../../../lib/runtime/listen.ts";
import { createLog } from "../../../lib/runtime/observe/log.ts";
import { LogQueue } from "../../../lib/runtime/observe/log_queue.ts";
import { stateOfFiles } from "../../../lib/runtime/process/file_state.ts";
import { type LoadedSettings, reloadOnChange } from "../../../lib/runtime/reload.ts";
import { folderWith } from "../../support/folder.ts";
import { waitFor } from "../../support/wait_for.ts";

const CONFIG = {
  app: [
    {
      id: "app",
      secrets: ["a secret that has 32 bytes, or more"],
      upstream: [{ url: "https://api.example/" }],
    },
  ],
};

/** A gateway that only remembers its settings, and how they are read again. */
function startReloading() {
  const initial = loadSettingsFile("main.json", {}, () => JSON.stringify(CONFIG));
  let inForce = initial;
  let read: LoadedSettings = { settings: initial, state: "" };
  let text = "";
  const queue = new LogQueue((bytes, done) => {
    text += new TextDecoder().decode(bytes);
    done(null, bytes.length);
  });
  const gateway = {
    settings: () => inForce,
    configure: (settings: Settings) => void (inForce = settings),
  } as RunningGateway;
  const { reload, stop } = reloadOnChange(gateway, {
    load: () => read,
    state: "",
    hangUps: { listen: () => () => {} },
    log: createLog("info", queue),
    manager: { ready() {}, reloading() {}, reloaded() {}, stopping() {} },
  });
  return {
    initial,
    lines: () =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    /** The settings in force after others were read. */
    reload(settings: Settings, state = ""): Settings {
      read = { settings, state };
      expect(reload()).toBe(true);
      return inForce;
    },
    [Symbol.dispose]: stop,
  };
}

test.each([...restartKeys()])("a changed %s stays as it was, and needs a restart", (name, key) => {
  using it = startReloading();
  const settings = it.reload({ ...it.initial, drain: 77, [name]: "changed" });
  expect(settings as object).toEqual({ ...it.initial, drain: 77 });
  expect(it.lines()).toMatchObject([
    { msg: "a restart is needed", settings: [key] },
    { msg: "configuration loaded", changed: ["drain"] },
  ]);
});

test("a file that has changed since it was read is read again, also one that was not read before", async () => {
  await using folder = await folderWith({ key: "old" });
  const files = [folder.path("key")];
  using it = startReloading();
  const before = stateOfFiles(files);
  await Bun.write(files[0]!, "newer");
  it.reload({ ...it.initial, files }, before);
  expect(it.lines()).toHaveLength(1);
  await waitFor("the next load", () => it.lines().length > 1);
});
