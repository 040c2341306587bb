import type { Timer } from "../../gateway/time/timer_wheel.ts";
import { waitAtMost } from "../../gateway/time/wait_at_most.ts";
import { AppSender, type Pace, type SenderParts, SLOW_MS } from "./app_sender.ts";
import { Lane, type Turn } from "./lane.ts";
import { RemovedApps } from "./removed_apps.ts";

/** Options of {@link ReceiptSenders}. */
export interface ReceiptSenderOptions extends SenderParts {
  /** Returns the apps that have receipts now. */
  apps: () => Iterable<string>;
  /** Charges what processes that have ended had reserved in an app, and queues its receipts. It must not reject. */
  sweep: (app: string) => Promise<void>;
}

// Receipts that follow each other are sent together.
const GATHER_MS = 200;

// Other processes may have queued receipts, and have ended before they sent them.
const POLL_MS = 5_000;

// Processes that have ended may have left exchanges, also where nobody asks for the app any more.
const POLLS_PER_SWEEP = 4;

/** How many apps send at the same time, and for how long until others may too, in milliseconds. */
const LANES: Readonly<Record<Pace, { places: number; turnMs: number }>> = {
  // Nobody knows yet which of a thousand backends answer: within 2 s each of them is tried.
  new: { places: 128, turnMs: 100 },
  fast: { places: 16, turnMs: SLOW_MS },
  // Each goes on until its message has ended. They must not keep others waiting.
  slow: { places: 16, turnMs: Infinity },
};

const STOP_MS = 3_000;

// There is no other chance then.
const LAST_AT_ONCE = 64;

/** Sends the receipts of all apps of this process's settings, and of other processes that have ended. */
export class ReceiptSenders {
  readonly #options: ReceiptSenderOptions;
  readonly #senders = new Map<string, AppSender>();
  readonly #removed: RemovedApps;
  readonly #running = new Map<string, Promise<void>>();
  readonly #lanes: Readonly<Record<Pace, Lane>>;
  readonly #gathering = new Map<string, Timer>();
  readonly #poll: ReturnType<typeof setInterval>;
  #polls = 0;
  #isStopped = false;

  /** @param options the store, the apps, and how receipts are sent */
  constructor(options: ReceiptSenderOptions) {
    this.#options = options;
    this.#removed = new RemovedApps(options);
    const laneOf = (pace: Pace) => new Lane(LANES[pace].places, (app) => this.#start(app));
    this.#lanes = { new: laneOf("new"), fast: laneOf("fast"), slow: laneOf("slow") };
    this.#poll = setInterval(() => this.#visitApps(), POLL_MS);
    this.#poll.unref();
    // What was left by processes before.
    setImmediate(() => this.#visitApps());
  }

  /** A receipt of an app was queued. */
  queued(app: string): void {
    if (this.#isStopped || this.#gathering.has(app)) return;
    const send = () => {
      this.#gathering.delete(app);
      this.#start(app);
    };
    this.#gathering.set(app, this.#options.timers.start(send, GATHER_MS));
  }

  /**
   * Sends what waits once more, and lets other processes send.
   *
   * @returns a promise that resolves after 3 seconds at the latest, or when what was begun has ended
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#poll);
    for (const timer of this.#gathering.values()) this.#options.timers.stop(timer);
    const end = performance.now() + STOP_MS;
    await waitAtMost(
      STOP_MS,
      this.#sendLast(() => performance.now() < end),
    );
  }

  async #sendLast(isInTime: () => boolean): Promise<void> {
    const isLate = (app: string) => this.#running.has(app) || this.#senderOf(app).pace === "slow";
    const apps = [...this.#options.apps()];
    const left = [...apps.filter((app) => !isLate(app)), ...apps.filter(isLate)].values();
    const sendNext = async () => {
      for (const app of left) {
        await this.#running.get(app);
        if (!isInTime()) return;
        await this.#senderOf(app).send(isInTime);
        await this.#senderOf(app).leave();
      }
    };
    await Promise.all(Array.from({ length: LAST_AT_ONCE }, sendNext));
  }

  #visitApps(): void {
    const sweeps = this.#polls++ % POLLS_PER_SWEEP === 0;
    const apps = new Set(this.#options.apps());
    for (const app of apps) {
      if (sweeps) void this.#options.sweep(app).then(() => this.#start(app));
      else this.#start(app);
    }
    this.#removeAllBut(apps);
    void this.#removed.visit(apps);
  }

  #removeAllBut(apps: ReadonlySet<string>): void {
    for (const app of this.#senders.keys()) {
      if (apps.has(app) || this.#running.has(app)) continue;
      this.#senders.delete(app);
      this.#options.events.onRemoved(app);
      this.#removed.add(app);
    }
  }

  #senderOf(app: string): AppSender {
    const found = this.#senders.get(app);
    if (found) return found;
    const sender = new AppSender(app, this.#options);
    this.#senders.set(app, sender);
    return sender;
  }

  #start(app: string): void {
    if (this.#isStopped || this.#running.has(app)) return;
    const sender = this.#senderOf(app);
    if (sender.pause > 0) return;
    const turn = this.#lanes[sender.pace].enter(app);
    if (turn) this.#running.set(app, this.#send(app, sender, turn));
  }

  async #send(app: string, sender: AppSender, turn: Turn): Promise<void> {
    const { timers } = this.#options;
    const { turnMs } = LANES[sender.pace];
    const timer = turnMs === Infinity ? undefined : timers.start(turn.leave, turnMs);
    let mayHaveMore = false;
    try {
      mayHaveMore = await sender.send(() => !this.#isStopped && turn.mayGoOn());
    } finally {
      timers.stop(timer);
      this.#running.delete(app);
      turn.leave();
    }
    if (mayHaveMore) this.#start(app);
    else if (sender.pause > 0) this.#startLater(app, sender);
  }

  #startLater(app: string, sender: AppSender): void {
    const start = () => {
      // The runtime drops fractions of a millisecond, and its clock is not that of the pause.
      if (sender.pause > 0) this.#startLater(app, sender);
      else this.#start(app);
    };
    if (!this.#isStopped) setTimeout(start, Math.ceil(sender.pause)).unref();
  }
}
