import { addValue, type Distribution, noValues } from "../distribution.ts";
import { type AttributeValue, keyValues, unixNano } from "./attributes.ts";
import type { Message } from "./protobuf.ts";

/** The description of a histogram. */
export interface Instrument {
  name: string;
  description: string;
  unit: string;
  /** The upper bounds of the buckets, ascending. */
  bounds: readonly number[];
}

type Attributes = Readonly<Record<string, AttributeValue>>;

/** The values of one set of attributes. */
interface Series extends Distribution {
  attributes: ReturnType<typeof keyValues>;
}

const CUMULATIVE = 2;

/** Attributes come from the configuration and from closed lists. This bounds them in any case. */
export const MAX_SERIES = 2000;

/** The most that one app gets of them, so that its callers and upstreams leave room for others. */
export const MAX_OF_APP = MAX_SERIES / 2;
const OVERFLOW = { "otel.metric.overflow": true };

/** A histogram that adds up since its start. */
export class Histogram {
  readonly #instrument: Instrument;
  readonly #startedAt: number;
  readonly #series = new Map<string, Series>();
  /** How many each app has. */
  readonly #ofApps = new Map<string, number>();

  /**
   * @param instrument what it measures
   * @param startedAt in milliseconds since the epoch
   */
  constructor(instrument: Instrument, startedAt: number) {
    this.#instrument = instrument;
    this.#startedAt = startedAt;
  }

  /** How many sets of attributes it has. Each is a point of an export. */
  get points(): number {
    return this.#series.size;
  }

  /**
   * Adds a value.
   *
   * @param value in the unit of the instrument
   * @param app to which it belongs
   * @param key a text that differs for each set of attributes
   * @param attributes returns the attributes. It is called once for each key
   */
  record(value: number, app: string, key: string, attributes: () => Attributes): void {
    const series = this.#series.get(key) ?? this.#create(app, key, attributes);
    addValue(series, this.#instrument.bounds, value);
  }

  /**
   * The metric in the form of OTLP's JSON.
   *
   * @param now in milliseconds since the epoch
   * @returns `undefined` when nothing was measured
   */
  metric(now: number): Message | undefined {
    if (this.#series.size === 0) return undefined;
    const { name, description, unit, bounds } = this.#instrument;
    const times = { startTimeUnixNano: unixNano(this.#startedAt), timeUnixNano: unixNano(now) };
    const dataPoints = [...this.#series.values()].map(({ attributes, counts, sum, count }) => ({
      ...times,
      count: String(count),
      sum,
      bucketCounts: counts.map(String),
      explicitBounds: bounds,
      attributes,
    }));
    const histogram = { dataPoints, aggregationTemporality: CUMULATIVE };
    return { name, description, unit, histogram };
  }

  #create(app: string, key: string, attributes: () => Attributes): Series {
    const ofApp = this.#ofApps.get(app) ?? 0;
    const isFull = this.#series.size >= MAX_SERIES || ofApp >= MAX_OF_APP;
    const name = isFull ? "overflow" : key;
    const known = this.#series.get(name);
    if (known) return known;
    const own = keyValues(isFull ? OVERFLOW : attributes());
    const series = { attributes: own, ...noValues(this.#instrument.bounds) };
    this.#series.set(name, series);
    if (!isFull) this.#ofApps.set(app, ofApp + 1);
    return series;
  }
}
