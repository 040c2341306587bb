import type { Metric, Registry } from "prom-client";
import { type Distribution, noValues } from "./distribution.ts";

/** The name of a metric, and its labels. */
export interface PlainMetric {
  name: string;
  help: string;
  labelNames?: readonly string[];
}

/** A number that grows, with its labels. */
export interface PlainCounter {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** A distribution with its labels. */
export interface PlainHistogram extends Distribution {
  labels: Readonly<Record<string, string>>;
}

interface Sample {
  labels: Readonly<Record<string, string | number>>;
  value: number;
  metricName?: string;
}

// The counters of prom-client make a text of their labels each time. These are made once for each set of labels, and then
// they are plain numbers, which the registry reads.

/**
 * Registers a counter.
 *
 * @param metric its name and labels
 * @param registry the registry of the metrics
 * @returns a function that makes the number of one set of labels. The caller keeps it
 */
export function registerCounter(
  metric: PlainMetric,
  registry: Registry,
): (labels: Readonly<Record<string, string>>) => PlainCounter {
  const all: PlainCounter[] = [];
  register(metric, registry, { type: "counter", values: () => all });
  return kept(all, (labels) => ({ labels, value: 0 }));
}

/**
 * Registers a histogram.
 *
 * @param metric its name and labels
 * @param bounds the upper bounds of the buckets, ascending
 * @param registry the registry of the metrics
 * @returns a function that makes the distribution of one set of labels. The caller keeps it
 */
export function registerHistogram(
  metric: PlainMetric,
  bounds: readonly number[],
  registry: Registry,
): (labels: Readonly<Record<string, string>>) => PlainHistogram {
  const all: PlainHistogram[] = [];
  const values = () => all.flatMap((histogram) => samplesOf(metric.name, histogram, bounds));
  register(metric, registry, { type: "histogram", values });
  return kept(all, (labels) => ({ labels, ...noValues(bounds) }));
}

/** One series for each set of labels, also where it is asked for again. */
function kept<Series extends { labels: Readonly<Record<string, string>> }>(
  all: Series[],
  create: (labels: Readonly<Record<string, string>>) => Series,
): (labels: Readonly<Record<string, string>>) => Series {
  const byLabels = new Map<string, Series>();
  return (labels) => {
    const key = JSON.stringify(labels);
    const known = byLabels.get(key);
    if (known) return known;
    const series = create(labels);
    byLabels.set(key, series);
    all.push(series);
    return series;
  };
}

function register(
  { name, help, labelNames = [] }: PlainMetric,
  registry: Registry,
  { type, values }: { type: string; values: () => readonly Sample[] },
): void {
  const get = async () => ({ name, help, type, values: values(), aggregator: "sum" });
  // The registry asks a metric for its name and its values alone.
  registry.registerMetric({ name, help, type, labelNames, get } as unknown as Metric);
}

function samplesOf(
  name: string,
  { labels, counts, sum, count }: PlainHistogram,
  bounds: readonly number[],
): Sample[] {
  let total = 0;
  const buckets = bounds.map((bound, i) => {
    total += counts[i]!;
    return { labels: { le: bound, ...labels }, value: total, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { labels: { le: "+Inf", ...labels }, value: count, metricName: `${name}_bucket` },
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}
