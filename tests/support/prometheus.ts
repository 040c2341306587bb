/** One sample of a metric. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const COMMENT = new RegExp(
  `^# (HELP ${NAME} .*|TYPE ${NAME} (counter|gauge|histogram|summary|untyped))$`,
);
const LABEL = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)(?: \\d+)?$`);

/**
 * Reads Prometheus' text format, version 0.0.4, and throws at a line that is none of it, a metric
 * without a type, or one sample twice.
 */
export function parsePrometheus(text: string): Sample[] {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const typed = new Set<string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n").filter(Boolean)) {
    if (line.startsWith("#")) {
      if (!COMMENT.test(line)) throw new Error(`no comment of the format: ${line}`);
      if (line.startsWith("# TYPE")) typed.add(line.split(" ")[2]!);
      continue;
    }
    const [, name, labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`no sample: ${line}`);
    const family = name.replace(/_(bucket|sum|count)$/, "");
    if (!typed.has(name) && !typed.has(family)) throw new Error(`${name} has no type`);
    const key = `${name}{${labels}}`;
    if (seen.has(key)) throw new Error(`twice: ${key}`);
    seen.add(key);
    samples.push({ name, labels: parseLabels(labels), value: parseValue(value) });
  }
  return samples;
}

/** Asks the admin listener on a port of this machine. */
export async function metricsAt(port: number): Promise<Sample[]> {
  return parsePrometheus(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
}

/** The sum of the samples that have this name and these labels, and maybe others. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  labels: Record<string, string> = {},
): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest;) {
    const [whole, name, value] = LABEL.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw new Error(`no labels: ${text}`);
    labels[name] = value ?? "";
    rest = rest.slice(whole.length);
  }
  return labels;
}

function parseValue(text: string): number {
  const value = Number(text.replace("+Inf", "Infinity").replace("-Inf", "-Infinity"));
  if (Number.isNaN(value) && text !== "NaN" && text !== "Nan") throw new Error(`no value: ${text}`);
  return value;
}
