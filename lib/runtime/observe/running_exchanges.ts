/** The number of exchanges of this process that have begun and not ended. */
export interface RunningExchanges {
  began: () => void;
  ended: () => void;
  /** Waits until there is none. */
  idle: () => Promise<void>;
}

/** Creates it, with none so far. */
export function createRunningExchanges(): RunningExchanges {
  let running = 0;
  const onIdle: (() => void)[] = [];
  return {
    began: () => void running++,
    ended() {
      running--;
      if (running === 0) for (const resolve of onIdle.splice(0)) resolve();
    },
    async idle() {
      if (running > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
    },
  };
}
