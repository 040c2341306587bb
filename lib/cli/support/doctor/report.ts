import { joinSections, labelledSentence, listedLines, printableLines } from "../text/lines.ts";
import { type CheckResult, type Finding, REMEDIES } from "./findings.ts";

/**
 * Writes what was found as text.
 *
 * @param url the gateway's URL
 * @param results of all checks
 * @returns lines of at most 80 characters
 */
export function reportText(url: URL, results: readonly CheckResult[]): string {
  const lines = results.flatMap(({ check, state, measured }) =>
    labelledSentence(check, `${STATES[state]}${measured}`),
  );
  const findings = results.flatMap((result) => result.findings);
  const sections = findings.map((finding) => findingLines(finding));
  const end = findings.length === 0 ? "Nothing to change." : count(findings.length);
  return joinSections([printableLines(url.href), lines, [end], ...sections]);
}

const STATES: Readonly<Record<CheckResult["state"], string>> = {
  ok: "ok: ",
  finding: "FINDING: ",
  skipped: "not checked: ",
};

function count(findings: number): string {
  return findings === 1 ? "One finding:" : `${findings} findings:`;
}

function findingLines({ code, measured }: Finding): string[] {
  return [code, ...listedLines([`Measured: ${measured}.`, `To do: ${REMEDIES[code]}`])];
}

/**
 * Writes what was found as JSON.
 *
 * @param url the gateway's URL
 * @param results of all checks
 */
export function reportJson(url: URL, results: readonly CheckResult[]): string {
  const findings = results.flatMap(({ check, findings }) =>
    findings.map(({ code, measured }) => ({ check, code, measured, remedy: REMEDIES[code] })),
  );
  const checks = results.map(({ check, state, measured }) => ({ check, state, measured }));
  const report = { url: url.href, healthy: findings.length === 0, findings, checks };
  return `${JSON.stringify(report, null, 2)}\n`;
}
