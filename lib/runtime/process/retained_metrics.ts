import type { MetricObjectWithValues, MetricValue } from "prom-client";
import type { MetricsSnapshot } from "../observe/metrics.ts";

type SnapshotMetric = MetricObjectWithValues<MetricValue<string>>;

/** A value of a metric. Those of a histogram have names of their own. */
type Sample = MetricValue<string> & { metricName?: string };

interface Retained {
  /** What ended workers had counted. It has no gauges. */
  ended: MetricsSnapshot;
  /** The last snapshot of the worker that runs now. Absent: it has sent none. */
  latest?: MetricsSnapshot;
}

/**
 * The metrics of workers, by their numbers. A worker goes on counting where the one before it with its number stopped, so that
 * no counter or histogram falls. What is kept grows with the series, and not with the workers that ended.
 */
export class RetainedMetrics {
  readonly #byNumber = new Map<number, Retained>();

  /**
   * Keeps what a worker sent.
   *
   * @param number the number of the worker, from 1
   * @param snapshot its metrics, newer than those before. They must not change afterwards
   */
  update(number: number, snapshot: MetricsSnapshot): void {
    this.#byNumber.set(number, { ended: this.#find(number).ended, latest: snapshot });
  }

  /**
   * Adds the counters and histograms of a worker that ended to those before it. Its gauges go.
   *
   * @param number the number of the worker. The next one with this number counts from zero
   */
  end(number: number): void {
    this.#byNumber.set(number, { ended: withoutGauges(totalOf(this.#find(number))) });
  }

  /**
   * Returns the metrics of all workers, with what ended workers counted.
   *
   * @param answered the numbers of the workers whose latest metrics are current. Others have no gauges
   * @returns one snapshot for each number that has metrics
   */
  snapshots(answered: ReadonlySet<number>): MetricsSnapshot[] {
    // A number keeps its place here. In another order, the sum of the same fractions may be less.
    return [...this.#byNumber].map(([number, retained]) => {
      const total = totalOf(retained);
      return answered.has(number) ? total : withoutGauges(total);
    });
  }

  #find(number: number): Retained {
    return this.#byNumber.get(number) ?? { ended: [] };
  }
}

function totalOf({ ended, latest = [] }: Retained): MetricsSnapshot {
  const byName = new Map(ended.map((metric) => [metric.name, metric]));
  for (const metric of latest) {
    const values = addValues(byName.get(metric.name)?.values ?? [], metric.values);
    byName.set(metric.name, { ...metric, values });
  }
  return [...byName.values()];
}

function addValues(earlier: readonly Sample[], later: Sample[]): Sample[] {
  if (earlier.length === 0) return later;
  const sums = new Map(earlier.map((sample) => [seriesOf(sample), sample]));
  for (const sample of later) {
    const series = seriesOf(sample);
    sums.set(series, { ...sample, value: (sums.get(series)?.value ?? 0) + sample.value });
  }
  return [...sums.values()];
}

function seriesOf({ metricName, labels }: Sample): string {
  return JSON.stringify([metricName, Object.entries(labels).toSorted()]);
}

/** A gauge stays without values, so that the order of the metrics stays. */
function withoutGauges(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.map((metric) => (isMonotonic(metric) ? metric : { ...metric, values: [] }));
}

// The type says that it is a number, and it is a text.
function isMonotonic({ type }: SnapshotMetric): boolean {
  return ["counter", "histogram"].includes(String(type));
}
