import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { createFileReader } from "../../../lib/cli/support/read_file.ts";
import { loadSettingsFile } from "../../../lib/cli/support/load_settings.ts";
import { workerSettings } from "../../../lib/cli/support/serving/worker_settings.ts";
import { stateOfFiles } from "../../../lib/runtime/process/file_state.ts";
import type { WorkerStart } from "../../../lib/runtime/process/protocol.ts";
import { folderWith } from "../../support/folder.ts";

const configOf = (drain: number, more: object = {}) =>
  JSON.stringify({
    ...{ drain, ...more },
    app: [{ id: "web", secrets: ["a secret of 32 bytes at the least"], upstream: [{}] }],
  });

async function stage() {
  const folder = await folderWith({ "main.json": configOf(1) });
  const path = folder.path("main.json");
  const files = createFileReader();
  const source = {
    ...{ files, secretOnCommandLine: false },
    load: () => loadSettingsFile(path, {}, files.read),
  };
  const of = (start: Partial<WorkerStart>) =>
    workerSettings(source, { number: 1, count: 2, port: 1234, texts: {}, ...start });
  const filesOf = (text: string) => ({
    ...{ texts: { [path]: text }, state: text, drain: 0 },
    logLevel: "info" as const,
  });
  return { folder, path, of, filesOf };
}

test("a worker starts with the latest settings, and what needs a restart is that of the start", async () => {
  const { folder, path, of, filesOf } = await stage();
  await using _ = folder;
  const [initial, latest] = [configOf(2), configOf(3, { admin: "127.0.0.1:1" })].map(filesOf);
  const { settings, state, texts } = of({ initial: initial!, latest: latest! });
  expect(settings).toMatchObject({ drain: 3, port: 1234 });
  expect(settings.admin).toBeUndefined();
  expect([state, texts()]).toEqual([latest!.state, latest!.texts]);
  expect(of({ initial: initial! }).settings.drain).toBe(2);
  expect(path).toBeDefined();
});

test("it reads the files again when it is asked to, and of a supervisor that sends none", async () => {
  const { folder, path, of, filesOf } = await stage();
  await using _ = folder;
  const worker = of({ initial: filesOf(configOf(2)) });
  writeFileSync(path, configOf(4));
  expect(worker.load().settings).toMatchObject({ drain: 4, port: 1234 });
  expect(worker.texts()).toEqual({ [path]: configOf(4) });
  const { settings, state } = of({});
  expect(settings).toMatchObject({ drain: 4, port: 1234 });
  expect(state).not.toBe("none");
});

test("a file that it had not read before, and that changes while it is read, counts as changed", async () => {
  await using folder = await folderWith({ key: "old", "main.json": configOf(1) });
  const [path, key] = [folder.path("main.json"), folder.path("key")];
  const files = createFileReader();
  const load = () => {
    const settings = loadSettingsFile(path, {}, files.read);
    if (settings.files.includes(key)) writeFileSync(key, "newer");
    return settings;
  };
  const start = { number: 1, count: 2, port: 1234, texts: {} };
  const worker = workerSettings({ files, load, secretOnCommandLine: false }, start);
  const more = { admin: "127.0.0.1:1", admin_token: `a-token-of-32-bytes-\${file:${key}}` };
  writeFileSync(path, configOf(1, more));
  const before = stateOfFiles([path, key]);
  const { settings, state } = worker.load();
  expect(settings.files).toEqual([path, key]);
  expect(state).toBe(before);
  expect(stateOfFiles([path, key])).not.toBe(before);
});
