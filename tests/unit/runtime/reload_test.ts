import { expect, test } from "bun:test";
import { loadSettingsFile } from "../../../lib/cli/support/load_settings.ts";
import { restartKeys } from "../../../lib/config/describe_changes.ts";
import type { Settings } from "../../../lib/config/settings.ts";
import type { RunningGateway } from "../../../lib/runtime/listen.ts";
import { createLog } from "../../../lib/runtime/observe/log.ts";
import { LogQueue } from "../../../lib/runtime/observe/log_queue.ts";
import { reloadOnChange } from "../../../lib/runtime/reload.ts";

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
  let read = initial;
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
    reload(settings: Settings): Settings {
      read = settings;
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
