import type { Bytes } from "../body/relay.ts";
import type { UsageReader } from "../model/usage.ts";
import type { LastEvent, UsageEvents, UsagePlaces } from "../providers/operation.ts";
import { OPERATIONS } from "../providers/operations.ts";
import { includesMarker, type Marker, markerOf } from "./find_bytes.ts";
import { isJsonTable, type Json, jsonAt, parseJson, usageIn } from "./usage_numbers.ts";
import { WholeEvents } from "./whole_events.ts";

/** The most bytes of an event. A stream with a longer one has no report. */
const MAX_EVENT = 8 * 1024 * 1024;

/** The markers of each operation, prepared. */
const MARKERS: ReadonlyMap<UsageEvents, readonly Marker[]> = new Map(
  Object.values(OPERATIONS)
    .flat()
    .flatMap(({ usage }) => usage?.events ?? [])
    .map((events) => [events, events.markers.map(markerOf)]),
);

/**
 * Creates the reader of an event stream.
 *
 * @param places where the operation tells its usage
 * @param events how its events tell it
 * @param outputs how many answers were asked for
 */
export function createEventUsageReader(
  places: UsagePlaces,
  events: UsageEvents,
  outputs: number,
): UsageReader {
  const stream = new EventUsage(places, events, outputs);
  const whole = new WholeEvents(MAX_EVENT);
  return {
    read(piece) {
      if (stream.isOver) return;
      try {
        // A piece of a body never shares its memory with another thread.
        const events = whole.push(piece as Bytes);
        if (events) stream.take(events);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        stream.fail();
      }
    },
    ...("candidates" in events.last && { end: () => stream.end() }),
    report: () => stream.usage(),
    hasEnded: () => stream.hasEnded,
  };
}

/** What the events of a stream have told so far. */
class EventUsage {
  readonly #places: UsagePlaces;
  readonly #events: UsageEvents;
  readonly #markers: readonly Marker[];
  readonly #outputs: number;
  readonly #report = Object.create(null) as { [name: string]: Json };
  /** Whether the last event of each candidate had a reason why it is finished. */
  readonly #finished = new Map<Json, boolean>();
  #model: Json | undefined;
  #hasReport = false;
  #hasEnded = false;
  #isBlocked = false;
  #hasFailed = false;

  constructor(places: UsagePlaces, events: UsageEvents, outputs: number) {
    this.#places = places;
    this.#events = events;
    this.#outputs = outputs;
    this.#markers = MARKERS.get(events) ?? events.markers.map(markerOf);
  }

  /** Whether further events change nothing. */
  get isOver(): boolean {
    return this.#hasFailed || (this.#hasEnded && "data" in this.#events.last);
  }

  /** Whether the last event was among them. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  fail(): void {
    this.#hasFailed = true;
  }

  /** The body has ended. */
  end(): void {
    const states = [...this.#finished.values()];
    const isFinished = states.length >= this.#outputs && !states.includes(false);
    this.#hasEnded = isFinished || this.#isBlocked;
  }

  usage() {
    if (!this.#hasEnded || this.#hasFailed || !this.#hasReport) return undefined;
    return usageIn(this.#report, this.#model, this.#places);
  }

  take(events: Bytes): void {
    if (!this.#markers.some((marker) => includesMarker(events, marker))) return;
    const { markers } = this.#events;
    for (const event of textsOf(events)) {
      if (!this.isOver && markers.some((marker) => event.includes(marker))) this.#take(event);
    }
  }

  #take(event: string): void {
    const data = dataOf(event);
    const { last } = this.#events;
    if ("data" in last && data === last.data) {
      this.#hasEnded = true;
      return;
    }
    const document = parseJson(data);
    if (document === undefined) return;
    const { failure } = this.#places;
    if (failure !== undefined && jsonAt(document, [failure]) !== undefined) this.fail();
    this.#keep(document);
    if (this.#isLast(document, last)) this.#hasEnded = true;
  }

  #keep(document: Json): void {
    for (const path of this.#events.places) {
      const report = jsonAt(document, path);
      if (!isJsonTable(report)) continue;
      this.#hasReport = true;
      for (const name in report) if (report[name] !== null) this.#report[name] = report[name]!;
    }
    for (const path of this.#events.models) this.#model = jsonAt(document, path) ?? this.#model;
  }

  #isLast(document: Json, last: LastEvent): boolean {
    if ("data" in last) return false;
    if ("types" in last) return last.types.includes(String(jsonAt(document, ["type"])));
    if (jsonAt(document, last.blocked) !== undefined) this.#isBlocked = true;
    const candidates = jsonAt(document, [last.candidates]);
    for (const candidate of Array.isArray(candidates) ? candidates : []) {
      // An index of 0 is left out.
      const index = jsonAt(candidate, ["index"]) ?? 0;
      this.#finished.set(index, (jsonAt(candidate, [last.reason]) ?? null) !== null);
    }
    return false;
  }
}

const decoder = new TextDecoder();

/** Events, with LF alone as the end of lines. */
function textsOf(events: Bytes): string[] {
  return decoder
    .decode(events)
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n{2,}/);
}

/** The data of an event. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
function dataOf(event: string): string {
  const lines = event.split("\n").filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).replace(/^ /, "")).join("\n");
}
