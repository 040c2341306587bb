import type { Timers } from "../../../../lib/gateway/ledger/client/clock.ts";
import type { Timer } from "../../../../lib/gateway/time/timer_wheel.ts";
import type { Events } from "./events.ts";

/** A simulated process: it can be stopped and continued, and killed. */
export class SimulatedProcess {
  isStopped = false;
  isDead = false;
  readonly #events: Events;
  readonly #random: () => number;
  #missed: (() => void)[] = [];
  #catchingUp = 0;

  constructor(events: Events, random: () => number) {
    this.#events = events;
    this.#random = random;
  }

  /** Runs something in this process after some milliseconds; later if it is stopped by then, never if it is dead. */
  after(ms: number, run: () => void): void {
    this.#events.after(ms, () => this.#receive(run));
  }

  /** Whether it runs, and has done what it missed while it was stopped. */
  get isAwake(): boolean {
    return !this.isStopped && this.#catchingUp === 0;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Continues: what was missed runs now, in any order of timers, replies and chunks. */
  continue(): void {
    this.isStopped = false;
    const missed = this.#missed.splice(0);
    while (missed.length > 0) {
      const [run] = missed.splice(Math.floor(this.#random() * missed.length), 1);
      this.#catchingUp++;
      this.after(0, () => {
        this.#catchingUp--;
        run!();
      });
    }
  }

  kill(): void {
    this.isDead = true;
  }

  /** The timers of this process, by a clock that no other process shares. */
  timers(): Timers {
    const stopped = new Set<Timer>();
    return {
      now: () => this.#events.now,
      start: (callback, ms) => {
        const timer: Timer = { due: this.#events.now + ms, callback, slot: [], index: 0 };
        this.after(ms, () => {
          if (!stopped.delete(timer)) callback();
        });
        return timer;
      },
      stop: (timer) => void (timer && stopped.add(timer)),
    };
  }

  #receive(run: () => void): void {
    if (this.isDead) return;
    if (this.isStopped) this.#missed.push(run);
    else run();
  }
}
