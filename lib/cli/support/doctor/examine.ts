import { checkCertificate } from "./check_certificate.ts";
import { checkClock } from "./check_clock.ts";
import { checkConnection } from "./check_connection.ts";
import { checkCors } from "./check_cors.ts";
import { checkDns } from "./check_dns.ts";
import { checkGateway } from "./check_gateway.ts";
import { checkPath } from "./check_path.ts";
import { checkStreams } from "./check_streams.ts";
import { checkUpstream } from "./check_upstream.ts";
import { type CheckName, type CheckResult, CHECKS, skipped } from "./findings.ts";
import type { Site } from "./site.ts";

/**
 * Checks a deployment. A check that needs the success of an earlier one is skipped without it: nothing that is signed is
 * sent to a server that clients do not trust.
 *
 * @param site the deployment
 * @param now the time of this machine
 * @returns the result of every check, in their order
 */
export async function examine(site: Site, now: Date): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const until = (reason: string) => [...results, ...rest(results, reason)];

  const { result: dns, addresses } = await checkDns(site);
  results.push(dns);
  if (addresses.length === 0) return until("the name has no address");

  const { result: connection, address } = await checkConnection(site, addresses);
  results.push(connection);
  if (address === undefined) return until("there is no connection");
  const located: Site = { ...site, address };

  const certificate = await checkCertificate(located, now);
  results.push(certificate);
  if (certificate.findings.some(({ code }) => code !== "certificate_expiring")) {
    return until("the certificate is not trusted");
  }

  const gateway = await checkGateway(located);
  results.push(gateway);
  if (gateway.findings.length > 0) return until("no gateway responds");

  const [clock, { result: path, signedFor }, cors] = await Promise.all([
    checkClock(located),
    checkPath(located),
    checkCors(located),
  ]);
  results.push(clock, path, cors);
  if (site.signer && !signedFor) return until("signatures are not accepted");
  const signing: Site = { ...located, ...(signedFor && { signedFor }) };
  return [...results, ...(await Promise.all([checkUpstream(signing), checkStreams(signing)]))];
}

function rest(done: readonly CheckResult[], reason: string): CheckResult[] {
  const names: ReadonlySet<CheckName> = new Set(done.map(({ check }) => check));
  return CHECKS.filter((name) => !names.has(name)).map((name) => skipped(name, reason));
}
