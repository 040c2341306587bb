// `bun run cost`: counts anew, says what has changed, and stores it.
import { type Figures, measureCalls, measureInstructions, STORED } from "./figures.ts";

const file = Bun.file(STORED);
const before = (await file.exists()) ? ((await file.json()) as Figures) : undefined;
const now: Figures = {
  bun: Bun.version,
  instructions: await measureInstructions(),
  calls: await measureCalls(),
};
for (const [name, count] of Object.entries(now.instructions)) {
  const old = before?.instructions[name];
  const change = old === undefined ? "new" : `${(((count - old) / old) * 100).toFixed(1)} %`;
  console.log(`${name}: ${count} thousand instructions (${change})`);
}
for (const [name, calls] of Object.entries(now.calls)) {
  for (const call of new Set([...Object.keys(calls), ...Object.keys(before?.calls[name] ?? {})])) {
    const [old, count] = [before?.calls[name]?.[call] ?? 0, calls[call] ?? 0];
    if (count !== old) console.log(`${name}: ${call} ${old} -> ${count}`);
  }
}
await Bun.write(STORED, `${JSON.stringify(now, null, 2)}\n`);
