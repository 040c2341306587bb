/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): unknown;
}

/** Ends the process once, after everything that was added has stopped. */
export interface Shutdown {
  add(running: Stoppable): void;
  /** @param code the exit code */
  end(code: number): Promise<void>;
  /** Prints the reason and ends with 1, unless the demo is ending already. */
  fail(reason: string): Promise<void>;
}

/** Creates the shutdown of this process. */
export function createShutdown(): Shutdown {
  const running: Stoppable[] = [];
  let isEnding = false;
  const end = async (code: number): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await Promise.all(running.map((one) => one.stop()));
    process.exit(code);
  };
  return {
    add: (one) => void running.push(one),
    end,
    async fail(reason) {
      if (isEnding) return;
      console.error(`The demo cannot go on. ${reason}`);
      await end(1);
    },
  };
}
