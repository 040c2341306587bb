// Prints what breaks the rules of the design: bun tests/support/architecture/report.ts [ROOT]
import { resolve } from "node:path";
import process from "node:process";
import { type Finding, readProject } from "./project.ts";
import { type Rule, RULES } from "./rules.ts";
import { ROOT } from "../root.ts";

const HERE = ROOT;

const project = readProject(resolve(process.argv[2] ?? HERE));
const broken = RULES.flatMap((rule) => rule.find(project).map((finding) => ({ rule, finding })));
const byArea = Map.groupBy(broken, ({ finding }) => areaOf(finding.path));
for (const [area, found] of [...byArea].sort()) console.log(sectionOf(area, found));
console.log(`${broken.length} findings in ${project.files.length} files`);
process.exitCode = broken.length > 0 ? 1 : 0;

function areaOf(path: string): string {
  return /^lib\/[^/]+(?=\/)|^[^/]+/.exec(path)![0];
}

function sectionOf(area: string, found: readonly { rule: Rule; finding: Finding }[]): string {
  const byRule = Map.groupBy(found, ({ rule }) => rule);
  const parts = [...byRule].map(([{ title, remedy }, some]) => {
    const lines = some.map(
      ({ finding: { path, line = 1, what } }) => `    ${path}:${line} ${what}`,
    );
    return [`  ${title} (if not: ${remedy})`, ...lines].join("\n");
  });
  return [`${area}: ${found.length}`, ...parts, ""].join("\n");
}
