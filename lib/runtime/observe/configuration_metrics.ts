import { X509Certificate } from "node:crypto";
import { Counter, Gauge, type Registry } from "prom-client";

/** What becomes of the configuration. */
export interface ConfigurationMetrics {
  /**
   * Counts a reload.
   *
   * @param isLoaded whether the new settings are in force
   */
  reloaded: (isLoaded: boolean) => void;
  /**
   * Shows how long the gateway's certificate still holds.
   *
   * @param pem the certificate chain in force; `undefined` when there is no TLS
   */
  certificate: (pem: string | undefined) => void;
}

const DAY_MS = 86_400_000;

/**
 * Registers the metrics of the configuration.
 *
 * @param registry the registry that gets them
 */
export function createConfigurationMetrics(registry: Registry): ConfigurationMetrics {
  const reloads = new Counter({
    name: "signway_reloads_total",
    help: "Reloads of the configuration. After a rejected reload the old settings stay in force.",
    labelNames: ["result"],
    // Each worker loads the same files.
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
      // Registered only now, since a gauge without a value would be 0.
      if (validTo === undefined) registry.registerMetric(daysLeft);
      validTo = expiry;
    },
  };
}

// The listener has accepted the certificate by now, so no other reader of it may end the gateway.
function expiryOf(pem: string): number | undefined {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return undefined;
  }
}
