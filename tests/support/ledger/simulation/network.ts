import type { LedgerStore, Operation, ResultOf } from "../../../../lib/gateway/ledger/store.ts";
import type { Events } from "./events.ts";
import type { SimulatedProcess } from "./process.ts";

/** The state of the way between a process and the store. */
export interface Link {
  isCut: boolean;
}

/** What a message may meet. */
export interface Weather {
  /** How many of a hundred messages are lost. */
  loss: number;
  /** How many of a hundred messages arrive up to 20 s late. */
  late: number;
}

/** The parts of {@link connect}. */
export interface Connection {
  events: Events;
  random: () => number;
  weather: Weather;
  process: SimulatedProcess;
  link: Link;
  /** Returns the store of this moment, which may have started again. */
  store: () => LedgerStore;
}

/** Connects a process with the store over a network that delays, reorders and loses messages. */
export function connect(connection: Connection): LedgerStore {
  const { events, process, store } = connection;
  const run = (operation: Operation) =>
    new Promise<ResultOf<Operation>>((resolve) => {
      const reply = (result: ResultOf<Operation>) => {
        const delay = delayOf(connection);
        if (delay !== undefined) process.after(delay, () => resolve(result));
      };
      const delay = delayOf(connection);
      if (delay === undefined) return;
      events.after(delay, async () => reply(await store().run(structuredClone(operation))));
    });
  return { run: run as LedgerStore["run"] };
}

/** How long a message takes, in milliseconds; `undefined`: it is lost. */
function delayOf({ random, weather, link }: Connection): number | undefined {
  if (link.isCut || random() * 100 < weather.loss) return undefined;
  return random() * 100 < weather.late ? random() * 20_000 : random() * 30;
}
