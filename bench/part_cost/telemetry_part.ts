import { plugin } from "bun";
import { join } from "node:path";

type Edit = readonly [code: string, byTurns: string];

// Loaded before a gateway: by turns, each of its processes does for an exchange what telemetry needs, or leaves it out. What
// does it is no class whose methods could be exchanged, so these lines of the sources are. The export of metrics, on its timer,
// comes in turns of both kinds, and is not in the difference.
const EDITS: Readonly<Record<string, readonly Edit[]>> = {
  "runtime/observe/observers.ts": [
    ["    metrics?.obs", "    turn.requests++;\n    if (turn.hasPart) metrics?.obs"],
    ["    telemetry?.obs", "    if (turn.hasPart) telemetry?.obs"],
  ],
  "gateway/record/exchange.ts": [["    if (sampling)", "    if (sampling && turn.hasPart)"]],
};

const FILE = /\/lib\/(runtime\/observe\/observers\.ts|gateway\/record\/exchange\.ts)$/;
const CURRENT_TURN = join(import.meta.dir, "current_turn.ts");

plugin({
  name: "turns",
  setup(build) {
    build.onLoad({ filter: FILE }, async ({ path }) => {
      const edits = EDITS[FILE.exec(path)![1]!]!;
      const contents = edits.reduce(edited, await Bun.file(path).text());
      const imported = `import { turn } from ${JSON.stringify(CURRENT_TURN)};\n`;
      return { loader: "ts", contents: imported + contents };
    });
  },
});

function edited(source: string, [code, byTurns]: Edit): string {
  if (source.split(code).length !== 2) throw new Error(`the sources have no line ${code}`);
  return source.replace(code, byTurns);
}
