import { X509Certificate } from "node:crypto";
import { Counter, Gauge, type Registry } from "prom-client";

/** Metrics of the configuration. */
export interface ConfigurationMetrics {
  /**
   * Counts a reload.
   *
   * @param isLoaded whether the new settings are in force
   */
  reloaded: (isLoaded: boolean) => void;
  /**
   * Sets the certificate whose remaining validity is shown.
   *
   * @param pem the certificate chain in use, in PEM; `undefined` without TLS
   */
  certificate: (pem: string | undefined) => void;
}

const DAY_MS = 86_400_000;

/**
 * Registers the metrics of the configuration.
 *
 * @param registry the registry of the metrics
 * @returns the functions that update the metrics
 */
export function createConfigurationMetrics(registry: Registry): ConfigurationMetrics {
  const reloads = new Counter({
    name: "signway_reloads_total",
    help: "Reloads of the configuration. After a rejected reload the old settings stay in force.",
    labelNames: ["result"],
    // Every worker counts the same reload.
    aggregator: "max",
    registers: [registry],
  });
  for (const result of ["loaded", "rejected"]) reloads.inc({ result }, 0);
  let validTo: number | undefined;
  const daysLeft = new Gauge({
    name: "signway_certificate_days_left",
    help: "Days until the gateway's own certificate expires.",
    aggregator: "min",
    registers: [],
    collect() {
      if (validTo !== undefined) this.set((validTo - Date.now()) / DAY_MS);
    },
  });
  return {
    reloaded: (isLoaded) => reloads.inc({ result: isLoaded ? "loaded" : "rejected" }),
    certificate(pem) {
      const expiry = pem === undefined ? undefined : expiryOf(pem);
      if (expiry === undefined) return;
      // Registered only now, because a gauge without a value would show 0.
      if (validTo === undefined) registry.registerMetric(daysLeft);
      validTo = expiry;
    },
  };
}

// The listener accepts this certificate, so an error of this parser must not stop the gateway.
function expiryOf(pem: string): number | undefined {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return undefined;
  }
}
