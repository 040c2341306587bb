import { expect, test } from "bun:test";
import {
  Histogram,
  MAX_OF_APP,
  MAX_SERIES,
} from "../../../../../lib/runtime/observe/otlp/histogram.ts";

const INSTRUMENT = { name: "a", description: "b", unit: "s", bounds: [1, 2] };

interface Point {
  count: string;
  sum: number;
  bucketCounts: string[];
  attributes: object[];
}

function pointsOf(histogram: Histogram): Point[] {
  const metric = histogram.metric(0) as unknown as { histogram: { dataPoints: Point[] } };
  return metric.histogram.dataPoints;
}

test("Histogram puts a value that equals a bound into the bucket below it", () => {
  const histogram = new Histogram(INSTRUMENT, 0);
  for (const value of [0, 1, 1.5, 2, 3]) histogram.record(value, "app", "a", () => ({ a: "b" }));
  expect(pointsOf(histogram)).toMatchObject([
    { count: "5", sum: 7.5, bucketCounts: ["2", "2", "1"] },
  ]);
});

test("Histogram asks for the attributes of a key once", () => {
  const histogram = new Histogram(INSTRUMENT, 0);
  let asked = 0;
  for (let i = 0; i < 3; i++) histogram.record(1, "app", "a", () => (asked++, {}));
  expect(asked).toBe(1);
});

test("Histogram has a bounded number of series, and one for all others", () => {
  const histogram = new Histogram(INSTRUMENT, 0);
  for (let i = 0; i < MAX_SERIES + 50; i++)
    histogram.record(1, `${i % 3}`, `${i}`, () => ({ a: `${i}` }));
  const points = pointsOf(histogram);
  expect(points).toHaveLength(MAX_SERIES + 1);
  expect(points.at(-1)).toMatchObject({
    count: "50",
    attributes: [{ key: "otel.metric.overflow", value: { boolValue: true } }],
  });
});

test("Histogram leaves half of its series to other apps", () => {
  const histogram = new Histogram(INSTRUMENT, 0);
  for (let i = 0; i < MAX_SERIES; i++) histogram.record(1, "one", `${i}`, () => ({ a: `${i}` }));
  histogram.record(1, "other", "b", () => ({ a: "b" }));
  const points = pointsOf(histogram);
  expect(points).toHaveLength(MAX_OF_APP + 2);
  expect(points.at(-1)!.attributes).toEqual([{ key: "a", value: { stringValue: "b" } }]);
});

test("Histogram without values is no metric", () => {
  expect(new Histogram(INSTRUMENT, 0).metric(0)).toBeUndefined();
});
