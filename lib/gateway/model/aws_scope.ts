import type { AwsSigning } from "./aws_signing.ts";

/** Names of services in signatures that differ from those in hosts. */
const SERVICES: Readonly<Record<string, string>> = {
  agentcore: "bedrock-agentcore",
  aoss: "aoss",
  "bedrock-agent-runtime": "bedrock",
  "bedrock-runtime": "bedrock",
  email: "ses",
  "lambda-url": "lambda",
  "s3-accelerate": "s3",
};

/**
 * Reads the region and the service from a host of AWS, such as `bedrock-runtime.eu-west-1.amazonaws.com`.
 *
 * @param host in lower case, without a port
 * @returns what the host tells. Absent: it does not
 */
export function awsScopeOf(host: string): Partial<Pick<AwsSigning, "region" | "service">> {
  const [, before] = /^(.+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|api\.aws)$/.exec(host) ?? [];
  if (before === undefined) return {};
  const labels = before.split(".").filter((label) => label !== "dualstack");
  const isRegion = (label: string) => /^[a-z]{2,3}(-[a-z]+)+-\d$/.test(label);
  const at = labels.findLastIndex(isRegion);
  // S3 has hosts without a region; so have services that are the same everywhere.
  const region = at < 0 ? "us-east-1" : labels[at]!;
  const name = labels[(at < 0 ? labels.length : at) - 1]?.replace(/-fips$/, "");
  // `{domain}.{region}.es.amazonaws.com` has them in the other order.
  const last = labels.at(-1)!;
  const isReversed = at >= 0 && at < labels.length - 1;
  const service = isReversed ? last : name;
  return service === undefined ? { region } : { region, service: SERVICES[service] ?? service };
}
