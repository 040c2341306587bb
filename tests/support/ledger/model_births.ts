import type { Restart, TestClock } from "./subject.ts";

/** The birth of an app, and when the store last wrote down its time. */
export interface Birth {
  born: number;
  touched: number;
}

const APPS = ["app 0", "app 1"];

/** The births of the apps of the model. */
export class ModelBirths {
  readonly #clock: TestClock;
  #apps = new Map<string, Birth>();

  constructor(clock: TestClock) {
    this.#clock = clock;
    this.restart("forget");
  }

  of(app: string): number {
    return this.#apps.get(app)!.born;
  }

  /** A heartbeat writes the time down. */
  touch(app: string): void {
    const birth = this.#apps.get(app)!;
    birth.touched = Math.max(birth.touched, this.#clock.now);
  }

  restart(how: Restart): void {
    const { now } = this.#clock;
    if (how === "reopen") return;
    for (const app of APPS) {
      const { born, touched } = this.#apps.get(app) ?? { born: 0, touched: 0 };
      const last = how === "forget" ? 0 : how === "move" ? born : touched;
      const next = Math.max(now, last);
      this.#apps.set(app, { born: next, touched: next });
    }
  }

  /** Everything that it knows. */
  get state(): ReadonlyMap<string, Birth> {
    return this.#apps;
  }

  set state(apps: ReadonlyMap<string, Birth>) {
    this.#apps = new Map(apps);
  }
}
