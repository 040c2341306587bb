import { readdirSync } from "node:fs";
import { Counter, Gauge, type Registry } from "prom-client";

/**
 * Registers the metrics of the process. The default metrics of prom-client are not used, because some of them
 * are wrong under Bun, such as the heap size and the time of garbage collection.
 *
 * @param registry the registry of the metrics
 */
export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry];
  const startTime = Date.now() / 1000 - process.uptime();
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of all workers, in bytes.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: "process_cpu_seconds_total",
    help: "System and user CPU time of all workers, in seconds.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start time of the oldest worker, in seconds since the epoch.",
    aggregator: "min",
    registers,
    collect() {
      this.set(startTime);
    },
  });
  if (openDescriptors() !== undefined) registerDescriptors(registry);
}

function registerDescriptors(registry: Registry): void {
  new Gauge({
    name: "process_open_fds",
    help: "Open file descriptors of all workers.",
    registers: [registry],
    collect() {
      this.set(openDescriptors() ?? 0);
    },
  });
}

/** The number of open descriptors; `undefined` on a system without /proc. */
function openDescriptors(): number | undefined {
  try {
    // One of them is the folder that is being read.
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return undefined;
  }
}
