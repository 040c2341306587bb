// Reads a document in hexadecimal digits from each line, and writes what JSON.parse makes of it.
import { createInterface } from "node:readline";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const hex = (text) => Buffer.from(text).toString("hex");

function meaning(value) {
  if (value === null) return "n";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "string") return `s${hex(value)}`;
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value || 0);
    return `d${bytes.toString("hex")}`;
  }
  if (Array.isArray(value)) return `[${value.map(meaning).join(",")}]`;
  const members = Object.entries(value).map(([name, member]) => [hex(name), meaning(member)]);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map((pair) => pair.join(":")).join(",")}}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  let result = "!";
  try {
    result = meaning(JSON.parse(decoder.decode(Buffer.from(line, "hex"))));
  } catch {}
  process.stdout.write(`${result}\n`);
}
