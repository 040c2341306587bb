import { describe, expect, test } from "bun:test";
import { appWith, SECRETS, startReloading } from "../../../server/reload/reloading.ts";
import { folderWith } from "../../../support/folder.ts";
import { startGateway } from "../../../support/gateway.ts";
import { type NotifySocket, openNotifySocket, PYTHON } from "../../../support/notify_socket.ts";
import { childrenOf } from "../../../support/processes.ts";
import { PROGRAM } from "../../../support/run_signway.ts";
import { waitFor } from "../../../support/wait_for.ts";

async function withSocket(): Promise<NotifySocket & AsyncDisposable> {
  const folder = await folderWith();
  const socket = await openNotifySocket(folder.path("notify"));
  return {
    ...socket,
    async [Symbol.asyncDispose]() {
      await socket[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const fieldsOf = (socket: NotifySocket) => socket.all().map(({ fields }) => fields);

describe.skipIf("reason" in PYTHON)("a service manager is told", () => {
  test.each(["a path", "an abstract name"])("at %s of the start, when it listens", async (kind) => {
    await using folder = await folderWith();
    const name = folder.path("notify");
    await using socket = await openNotifySocket(kind === "a path" ? name : `@${name}`);
    await using gateway = await startGateway({ env: { NOTIFY_SOCKET: socket.address } });
    const { pid, fields } = await socket.find("READY");
    expect(fields).toEqual({ READY: "1", STATUS: `listening on ${gateway.url}` });
    // The process that was started, though it has started itself over.
    expect(pid).toBe(gateway.pid);
    expect(await gateway.stop()).toBe(0);
    expect((await socket.find("STOPPING")).pid).toBe(gateway.pid);
    expect(fieldsOf(socket).length).toBe(2);
  });

  test("nothing when it cannot listen", async () => {
    await using socket = await withSocket();
    await using taken = await startGateway();
    const env = { NOTIFY_SOCKET: socket.address };
    const start = startGateway({
      env,
      command: ["sh", "-c", `exec ${process.execPath} server.ts --port ${taken.port}`],
    });
    await expect(start).rejects.toThrow("cannot listen");
    expect(socket.all()).toEqual([]);
  });

  test("of a reload, with the time on its own clock, whether or not it succeeds", async () => {
    await using socket = await withSocket();
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--no-watch"],
      env: { NOTIFY_SOCKET: socket.address },
    });
    const { now: started } = await socket.find("READY");
    it.gateway.kill("SIGHUP");
    const { now, fields } = await socket.find("RELOADING");
    expect(Object.keys(fields)).toEqual(["RELOADING", "MONOTONIC_USEC"]);
    expect(Number(fields["MONOTONIC_USEC"])).toBeGreaterThan(started);
    expect(Number(fields["MONOTONIC_USEC"])).toBeLessThanOrEqual(now);
    expect((await socket.find("READY", 1)).fields["STATUS"]).toBe("configuration loaded");
    await it.write("main.json", "{");
    it.gateway.kill("SIGHUP");
    expect((await socket.find("READY", 2)).fields["STATUS"]).toContain("configuration ignored");
    expect(socket.all().map(({ fields }) => Object.keys(fields)[0])).toEqual([
      "READY",
      "RELOADING",
      "READY",
      "RELOADING",
      "READY",
    ]);
  });

  test("of the stop, and how long it may take", async () => {
    await using socket = await withSocket();
    await using gateway = await startGateway({
      args: ["--drain", "120"],
      env: { NOTIFY_SOCKET: socket.address },
    });
    expect(await gateway.stop()).toBe(0);
    expect((await socket.find("STOPPING")).fields).toEqual({
      STOPPING: "1",
      STATUS: "stopping: running exchanges may continue for 120 s",
      EXTEND_TIMEOUT_USEC: "135000000",
    });
  });

  test("by the supervisor alone, when a worker listens and when all have reloaded", async () => {
    await using socket = await withSocket();
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--workers", "2", "--no-watch"],
      env: { NOTIFY_SOCKET: socket.address },
    });
    const lines = (msg: string) => it.gateway.lines().filter((line) => line.msg === msg);
    await waitFor("both workers", () => lines("listening").length === 2);
    expect((await socket.find("READY")).fields["STATUS"]).toContain("2 workers");
    it.gateway.kill("SIGHUP");
    expect((await socket.find("READY", 1)).fields["STATUS"]).toBe("configuration loaded");
    // The lines come through another pipe.
    await waitFor("both lines", () => lines("configuration loaded").length === 2);
    await it.write("main.json", "{");
    it.gateway.kill("SIGHUP");
    expect((await socket.find("READY", 2)).fields["STATUS"]).toContain("configuration ignored");
    expect(await it.gateway.stop()).toBe(0);
    await socket.find("STOPPING");
    expect(socket.all().map(({ fields }) => Object.keys(fields)[0])).toEqual([
      "READY",
      "RELOADING",
      "READY",
      "RELOADING",
      "READY",
      "STOPPING",
    ]);
    expect(new Set(socket.all().map(({ pid }) => pid))).toEqual(new Set([it.gateway.pid]));
  });

  test("of a single worker", async () => {
    await using socket = await withSocket();
    await using folder = await folderWith({
      "main.json": JSON.stringify(appWith(SECRETS.old, "https://a.example/")),
    });
    // A pipe can be read only once, so a supervisor reads it for its worker.
    const script = `mkfifo pipe.json; cat main.json > pipe.json & exec "$0" --config pipe.json "$@"`;
    const command = ["sh", "-c", `cd ${folder.path(".")}; ${script}`, PROGRAM];
    await using gateway = await startGateway({ command, env: { NOTIFY_SOCKET: socket.address } });
    const { fields } = await socket.find("READY");
    expect(fields["STATUS"]).toBe(`listening on port ${gateway.port}, with 1 worker`);
  });

  test("how long the workers may take for their stop since the last reload", async () => {
    await using socket = await withSocket();
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url, { drain: 5 }) }),
      args: ["--workers", "2", "--no-watch"],
      env: { NOTIFY_SOCKET: socket.address },
    });
    const lines = (msg: string) => it.gateway.lines().filter((line) => line.msg === msg);
    await waitFor("both workers", () => lines("listening").length === 2);
    await it.write("main.json", appWith(SECRETS.old, it.upstream.url, { drain: 300 }));
    it.gateway.kill("SIGHUP");
    expect((await socket.find("READY", 1)).fields["STATUS"]).toBe("configuration loaded");
    expect(await it.gateway.stop()).toBe(0);
    expect((await socket.find("STOPPING")).fields["EXTEND_TIMEOUT_USEC"]).toBe("315000000");
  });

  test("of a reload that a worker does not survive", async () => {
    await using socket = await withSocket();
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--workers", "2", "--no-watch"],
      env: { NOTIFY_SOCKET: socket.address },
    });
    const lines = (msg: string) => it.gateway.lines().filter((line) => line.msg === msg);
    await waitFor("both workers", () => lines("listening").length === 2);
    const [first] = await childrenOf(it.gateway.pid);
    process.kill(first!, "SIGSTOP");
    it.gateway.kill("SIGHUP");
    await waitFor("the other worker", () => lines("configuration loaded").length === 1);
    await socket.find("RELOADING");
    expect(fieldsOf(socket).map((fields) => Object.keys(fields)[0])).toEqual([
      "READY",
      "RELOADING",
    ]);
    process.kill(first!, "SIGKILL");
    await socket.find("READY", 1);
  });

  test("of a reload that all workers have handled, whatever signals they got beside it", async () => {
    await using socket = await withSocket();
    await using it = await startReloading({
      files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
      args: ["--workers", "2", "--no-watch"],
      env: { NOTIFY_SOCKET: socket.address },
    });
    const lines = (msg: string) => it.gateway.lines().filter((line) => line.msg === msg);
    await waitFor("both workers", () => lines("listening").length === 2);
    const [first] = await childrenOf(it.gateway.pid);
    for (const count of [1, 2]) {
      process.kill(first!, "SIGHUP");
      await waitFor("its reload", () => lines("configuration loaded").length === count);
    }
    process.kill(first!, "SIGSTOP");
    it.gateway.kill("SIGHUP");
    await waitFor("the other worker", () => lines("configuration loaded").length === 3);
    const told = () => fieldsOf(socket).map((fields) => Object.keys(fields)[0]);
    // Were it told too early, it would be by now.
    await Bun.sleep(500);
    expect(told()).toEqual(["READY", "RELOADING"]);
    process.kill(first!, "SIGCONT");
    expect((await socket.find("READY", 1)).fields["STATUS"]).toBe("configuration loaded");
    // The lines come through another pipe.
    await waitFor("the last line", () => lines("configuration loaded").length === 4);
  });

  test("that it still turns, if it asks", async () => {
    await using socket = await withSocket();
    const watchdog = `WATCHDOG_USEC=100000 WATCHDOG_PID=$$ exec "$@"`;
    await using gateway = await startGateway({
      env: { NOTIFY_SOCKET: socket.address },
      command: [
        "sh",
        "-c",
        `export ${watchdog.replace(" exec", "; exec")}`,
        "sh",
        process.execPath,
        "server.ts",
      ],
    });
    expect(await socket.find("WATCHDOG", 2)).toMatchObject({ pid: gateway.pid });
  });
});

test("a service manager that is not there is a warning, and requests are answered", async () => {
  await using folder = await folderWith();
  await using gateway = await startGateway({ env: { NOTIFY_SOCKET: folder.path("nobody") } });
  const warning = await waitFor("the warning", () =>
    gateway.lines().find(({ code }) => code === "notify_failed"),
  );
  expect(warning).toMatchObject({ level: "warn", reason: expect.stringContaining("nobody") });
  expect((await fetch(gateway.url)).status).toBe(400);
});

test("an address of another kind is a warning too", async () => {
  await using gateway = await startGateway({ env: { NOTIFY_SOCKET: "vsock:2:1234" } });
  const find = () => gateway.lines().find(({ code }) => code === "notify_failed");
  expect(await waitFor("the warning", find)).toMatchObject({
    reason: expect.stringContaining("vsock:2:1234 is neither a path nor an @name"),
  });
});
