import { type CoarseTimer, startTimer, stopTimer } from "./timer_wheel.ts";

/** Watches for silence on one side of an exchange. */
export interface SilenceWatch {
  /** Something is waited for from now on. */
  wait: () => void;
  /** It came; until the next wait, silence is nobody's fault. */
  done: () => void;
  /** Nothing more will come. */
  stop: () => void;
}

const UNLIMITED: SilenceWatch = { wait: () => {}, done: () => {}, stop: () => {} };

/**
 * Makes a watch that calls back once a wait has lasted too long. It costs one timer a limit and not
 * one a piece, because a timer that goes off early only looks and sleeps on.
 *
 * @param seconds the limit; 0 = none
 * @param onSilence called once
 */
export function watchSilence(seconds: number, onSilence: () => void): SilenceWatch {
  if (!(seconds > 0)) return UNLIMITED;
  const limit = seconds * 1000;
  let waitingSince = Infinity;
  let timer: CoarseTimer | undefined;

  function look(): void {
    const waited = performance.now() - waitingSince;
    if (waited >= limit) return onSilence();
    timer = startTimer(look, waited > 0 ? limit - waited : limit);
  }

  return {
    wait() {
      waitingSince = performance.now();
      timer ??= startTimer(look, limit);
    },
    done: () => void (waitingSince = Infinity),
    stop: () => stopTimer(timer),
  };
}
