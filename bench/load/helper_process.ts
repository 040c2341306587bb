import { join } from "node:path";

/** A process beside the measured one that does what it is told, one thing after the other. */
export interface HelperProcess<Orders> extends AsyncDisposable {
  /** @throws Error when the process ends instead of answering */
  ask<Name extends keyof Orders>(
    name: Name,
    ...given: Given<Orders[Name]>
  ): Promise<Done<Orders[Name]>>;
}

type Given<Order> = Order extends (...given: infer Values) => unknown ? Values : never;
type Done<Order> = Order extends (...given: never) => infer Value ? Awaited<Value> : never;

/**
 * Starts a program that calls `obey`.
 *
 * @param program its path from `bench/`
 * @param given its arguments
 */
export function startHelper<Orders>(program: string, ...given: string[]): HelperProcess<Orders> {
  let answered: (answer: unknown) => void = () => {};
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "..", program), ...given], {
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    ipc: (answer) => answered(answer),
  });
  const end = child.exited.then((code) => Promise.reject(new Error(`${program}: exit ${code}`)));
  end.catch(() => {});
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask(name, ...given) {
      const next = last.then(() => {
        const answer = new Promise((resolve) => (answered = resolve));
        child.send({ name, given });
        return Promise.race([answer, end]);
      });
      last = next.catch(() => {});
      return next as never;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Carries out what the parent asks for; an error ends the process. */
export function obey(orders: Readonly<Record<string, (...given: never[]) => unknown>>): void {
  process.on("message", async ({ name, given }: { name: string; given: never[] }) => {
    process.send?.((await orders[name]!(...given)) ?? null);
  });
}
