// Prints all that the outside of a checkout sees: help, schema, mistakes, responses, requests to an
// upstream, log lines. What a restructuring must not change can be compared with it:
//
//   bun run surface > after.txt
//   bun run surface ../before > before.txt
//   diff before.txt after.txt
//
// A second argument, the title of a section, prints that section alone. The one outcome that is missing
// is internal_error: only hooks of a program that embeds the gateway bring it about.
import { join, resolve } from "node:path";
import {
  showHelp,
  showSigning,
  showWrongCommandLines,
  showWrongFlags,
} from "./surface/command_line.ts";
import { showConfigurations, showWrongValues } from "./surface/configuration_files.ts";
import { showForwarding, showLife, showProblems } from "./surface/gateways.ts";
import { createMask } from "./surface/mask.ts";
import { showAddresses, showWorkers } from "./surface/processes.ts";
import type { Program } from "./surface/program.ts";
import { showTable } from "./surface/table.ts";
import { ROOT } from "./root.ts";

const root = resolve(process.argv[2] ?? ROOT);

const program: Program = {
  root,
  command: [process.execPath, join(root, "server.ts")],
  mask: createMask({ [root]: "root" }),
};

const SECTIONS: readonly [title: string, show: (program: Program) => Promise<string[]>][] = [
  ["help and schema", showHelp],
  ["wrong command lines", showWrongCommandLines],
  ["wrong flags", showWrongFlags],
  ["signed URLs", showSigning],
  ["configuration files", showConfigurations],
  ["wrong values in files", showWrongValues],
  ["the table of problems", showTable],
  ["exchanges", showForwarding],
  ["problems", showProblems],
  ["the life of a gateway", showLife],
  ["workers", showWorkers],
  ["addresses", showAddresses],
];

const ONLY = process.argv[3];
for (const [title, show] of SECTIONS) {
  if (ONLY && title !== ONLY) continue;
  console.log(`==== ${title}\n`);
  for (const text of await show(program)) console.log(`${text.trimEnd()}\n`);
}
