import { join } from "node:path";

/** A process beside the measured one. It handles calls from the bench, one after the other. */
export interface HelperProcess<Handlers> extends AsyncDisposable {
  /**
   * Calls a function in the process.
   *
   * @throws Error when the process ends before it has returned
   */
  call<Name extends keyof Handlers>(
    name: Name,
    ...args: Arguments<Handlers[Name]>
  ): Promise<Returned<Handlers[Name]>>;
}

type Arguments<Handler> = Handler extends (...args: infer Values) => unknown ? Values : never;
type Returned<Handler> = Handler extends (...args: never) => infer Value ? Awaited<Value> : never;

/**
 * Starts a program that calls `handleCalls`.
 *
 * @param program its path from `bench/`
 * @param args its arguments
 */
export function startHelper<Handlers>(program: string, ...args: string[]): HelperProcess<Handlers> {
  let onReply: (reply: unknown) => void = () => {};
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "..", program), ...args], {
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    ipc: (reply) => onReply(reply),
  });
  const exit = child.exited.then((code) => Promise.reject(new Error(`${program}: exit ${code}`)));
  exit.catch(() => {});
  let lastCall: Promise<unknown> = Promise.resolve();
  return {
    call(name, ...args) {
      const thisCall = lastCall.then(() => {
        const reply = new Promise((resolve) => (onReply = resolve));
        child.send({ name, args });
        return Promise.race([reply, exit]);
      });
      lastCall = thisCall.catch(() => {});
      return thisCall as never;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Handles the calls of the parent process; an error ends this process. */
export function handleCalls(
  handlers: Readonly<Record<string, (...args: never[]) => unknown>>,
): void {
  process.on("message", async ({ name, args }: { name: string; args: never[] }) => {
    process.send?.((await handlers[name]!(...args)) ?? null);
  });
}
