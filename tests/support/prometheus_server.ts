import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort } from "./free_port.ts";
import { waitUntil } from "./wait_until.ts";

/** A series that a query returns: its labels, and its value. */
export interface QueriedSeries {
  metric: Record<string, string>;
  value: [time: number, value: string];
}

/** A Prometheus that runs. */
export interface PrometheusServer extends AsyncDisposable {
  /** Evaluates a query now. */
  query: (query: string) => Promise<QueriedSeries[]>;
  /** Asks its API. */
  api: (path: string) => Promise<unknown>;
}

/**
 * Starts Prometheus. It scrapes a target as the job `signway` each 250 ms, and loads rules.
 *
 * @param program the path of Prometheus
 * @param target such as `127.0.0.1:13090`
 * @param rules the path of a file of rules
 */
export async function startPrometheus(
  program: string,
  target: string,
  rules: string,
): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), "signway-prometheus-"));
  const config = {
    global: { scrape_interval: "250ms", evaluation_interval: "250ms" },
    rule_files: [rules],
    scrape_configs: [{ job_name: "signway", static_configs: [{ targets: [target] }] }],
  };
  const file = join(folder, "prometheus.yml");
  await Bun.write(file, stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = Bun.spawn(
    [
      program,
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
    ],
    { stdout: "ignore", stderr: "pipe" },
  );
  const api = async (path: string) => {
    const response = await fetch(`http://${address}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as Record<string, unknown>;
    if (status !== "success") throw new Error(`${path}: ${String(error)}`);
    return data;
  };
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(await new Response(child.stderr).text());
    return fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitUntil("Prometheus", isReady);
  return {
    api,
    async query(query) {
      const data = await api(`query?query=${encodeURIComponent(query)}`);
      return (data as { result: QueriedSeries[] }).result;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      await rm(folder, { recursive: true });
    },
  };
}
