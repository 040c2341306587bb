/** Series over time, in the notation of promtool: values for each minute. */
export type Series = readonly (readonly [series: string, values: string])[];

/** What makes an alert fire after some minutes, and what looks like it and does not. */
export interface AlertCase {
  fires: Series;
  silent: Series;
  /** When it is looked at, in minutes. */
  after: number;
  /** What the firing alert says. */
  summary: string;
  /** The labels of the firing alert. */
  labels: Readonly<Record<string, string>>;
}

const OF = 'job="signway",instance="a:13090"';
const requests = (labels: string) => `signway_requests_total{${OF},${labels}}`;
const UPSTREAM = 'app="web",upstream="api.example"';

/** Buckets of a histogram of which so many values in a minute took 10 ms, and so many 50 s. */
function heads(fast: number, slow: number): Series {
  const bucket = (le: string, count: number) =>
    [`signway_head_seconds_bucket{${OF},${UPSTREAM},le="${le}"}`, `0+${count}x30`] as const;
  return [
    bucket("0.025", fast),
    bucket("30", fast),
    bucket("60", fast + slow),
    bucket("+Inf", fast + slow),
  ];
}

/** By the names of the alerts. */
export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  SignwayDown: {
    fires: [[`up{${OF}}`, "1x3 0x10"]],
    silent: [[`up{${OF}}`, "1x3 0 1x10"]],
    after: 8,
    summary: "The gateway a:13090 does not answer Prometheus.",
    labels: { instance: "a:13090", job: "signway", severity: "critical" },
  },
  SignwayInternalErrors: {
    fires: [[requests('outcome="internal_error"'), "_x5 1x10"]],
    silent: [
      [requests('outcome="internal_error"'), "7x40"],
      [requests('outcome="complete"'), "0+60x40"],
    ],
    after: 12,
    summary: "The gateway failed 1 requests by an error of its own.",
    labels: { job: "signway", severity: "critical" },
  },
  SignwayUpstreamFailing: {
    fires: [
      [requests(`outcome="complete",${UPSTREAM}`), "0+90x30"],
      [requests(`outcome="upstream_failed",${UPSTREAM}`), "0+5x30"],
      [requests(`outcome="upstream_truncated",${UPSTREAM}`), "0+3x30"],
      [requests(`outcome="complete",status="500",${UPSTREAM}`), "0+2x30"],
    ],
    silent: [
      [requests(`outcome="complete",${UPSTREAM}`), "0+90x30"],
      [requests(`outcome="complete",status="404",${UPSTREAM}`), "0+90x30"],
      [requests(`outcome="upstream_failed",${UPSTREAM}`), "0+1x30"],
      [requests('outcome="refused",app="web",upstream=""'), "0+900x30"],
    ],
    after: 15,
    summary: "10% of the exchanges with api.example fail.",
    labels: { job: "signway", severity: "warning", upstream: "api.example" },
  },
  SignwayCredentialRefused: {
    fires: [[`signway_credential_refusals_total{${OF},${UPSTREAM}}`, "_x5 1x10"]],
    silent: [[`signway_credential_refusals_total{${OF},${UPSTREAM}}`, "3x40"]],
    after: 12,
    summary: "api.example refuses the operator's credential for web.",
    labels: { app: "web", job: "signway", severity: "critical", upstream: "api.example" },
  },
  SignwaySlow: {
    fires: heads(90, 10),
    silent: heads(1000, 1),
    after: 20,
    summary: "api.example takes 57s to answer (99th percentile).",
    labels: { job: "signway", severity: "warning", upstream: "api.example" },
  },
  SignwayManyRefusals: {
    fires: [
      [`signway_refusals_total{${OF},app="",code="signature_mismatch"}`, "0+30x30"],
      [requests('outcome="refused"'), "0+30x30"],
      [requests('outcome="complete"'), "0+60x30"],
    ],
    // All of a few requests.
    silent: [
      [`signway_refusals_total{${OF},app="",code="signature_mismatch"}`, "0+2x30"],
      [requests('outcome="refused"'), "0+2x30"],
    ],
    after: 20,
    summary: "The gateway refuses 33.33% of the requests.",
    labels: { job: "signway", severity: "warning" },
  },
  SignwayLedgerFailing: {
    fires: [[`signway_ledger_operation_failures_total{${OF},operation="reserve"}`, "0x5 0+3x10"]],
    silent: [[`signway_ledger_operation_failures_total{${OF},operation="reserve"}`, "9x20"]],
    after: 10,
    summary: "The store of the ledger did not answer 12 operations.",
    labels: { job: "signway", severity: "critical" },
  },
  SignwayRevocationsStale: {
    fires: [[`signway_revocations_stale{${OF}}`, "0x3 1x10"]],
    silent: [[`signway_revocations_stale{${OF}}`, "0x3 1 0x10"]],
    after: 8,
    summary: "The gateway a:13090 may not know the latest revocations.",
    labels: { instance: "a:13090", job: "signway", severity: "critical" },
  },
  SignwayCertificateExpires: {
    fires: [[`signway_certificate_days_left{${OF}}`, "13.9x30"]],
    silent: [[`signway_certificate_days_left{${OF}}`, "14.1x30"]],
    after: 15,
    summary: "The certificate of a:13090 expires in 13.9 days.",
    labels: { instance: "a:13090", job: "signway", severity: "warning" },
  },
  SignwayReloadRejected: {
    fires: [[`signway_reloads_total{${OF},result="rejected"}`, "0x5 1x10"]],
    silent: [
      [`signway_reloads_total{${OF},result="rejected"}`, "1x40"],
      [`signway_reloads_total{${OF},result="loaded"}`, "0+1x40"],
    ],
    after: 10,
    summary: "The gateway a:13090 goes on with old settings, because the new ones are mistaken.",
    labels: { instance: "a:13090", job: "signway", severity: "warning" },
  },
};
