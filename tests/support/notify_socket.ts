import { join } from "node:path";
import { requirement } from "./requirement.ts";
import { waitFor } from "./wait_for.ts";

/** What a service manager was told. */
export interface Notification {
  /** Who said it, as the kernel knows. */
  pid: number;
  /** Microseconds of CLOCK_MONOTONIC when it came. */
  now: number;
  fields: Record<string, string>;
}

/** A service manager's socket, as `$NOTIFY_SOCKET` names it. */
export interface NotifySocket extends AsyncDisposable {
  address: string;
  /** All notifications so far. */
  all: () => Notification[];
  /** The first one that has this field, after so many others that have it. */
  find: (field: string, after?: number) => Promise<Notification>;
}

/** Python, which knows unix datagram sockets. */
export const PYTHON = await requirement("python3", async () => {
  const path = Bun.which("python3");
  if (!path) throw new Error("python3 is not in PATH");
  return await Promise.resolve(path);
});

/** Binds a socket: a path, or `@` and an abstract name. */
export async function openNotifySocket(address: string): Promise<NotifySocket> {
  if ("reason" in PYTHON) throw new Error(PYTHON.reason);
  const script = join(import.meta.dirname, "notify_socket.py");
  const child = Bun.spawn([PYTHON.value, script, address], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let text = "";
  const decoder = new TextDecoder();
  void (async () => {
    for await (const chunk of child.stdout) text += decoder.decode(chunk, { stream: true });
  })();
  const lines = () => text.split("\n").slice(0, -1);
  await waitFor("the socket", () => lines().length > 0);
  const all = () =>
    lines()
      .slice(1)
      .map((line) => JSON.parse(line) as Notification);
  return {
    address,
    all,
    find: (field, after = 0) =>
      waitFor(field, () => all().filter(({ fields }) => field in fields)[after]),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
