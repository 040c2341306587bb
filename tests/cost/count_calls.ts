import type { Planted } from "./planted.ts";
import type { Work } from "./work.ts";

// In a process of its own: counts what each work calls of the runtime, and prints it as JSON.

const counts = new Map<string, number>();

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** What is dear when it is done for each request. */
const CONSTRUCTED = [
  "AbortController",
  "Headers",
  "Promise",
  "ReadableStream",
  "Request",
  "Response",
  "TextDecoder",
  "TextEncoder",
  "TransformStream",
  "URL",
  "URLSearchParams",
] as const;

const STATIC = {
  AbortSignal: ["any", "timeout"],
  Promise: ["all", "race", "withResolvers"],
  URL: ["parse", "canParse"],
} as const;

const FUNCTIONS = ["queueMicrotask", "setImmediate"] as const;
const TIMERS = ["setInterval", "setTimeout"] as const;

const NEVER_MS = 1e9;

const globals = globalThis as unknown as Record<string, Callable>;

// oxlint-disable-next-line typescript/no-explicit-any
type Callable = (new (...given: any[]) => object) & ((...given: any[]) => unknown);

function countMethods(prefix: string, target: object, names: readonly PropertyKey[]): void {
  for (const name of names) {
    const original = Reflect.get(target, name) as (...given: unknown[]) => unknown;
    const value = function (this: unknown, ...given: unknown[]): unknown {
      count(`${prefix}.${typeof name === "symbol" ? "[iterator]" : String(name)}`);
      return original.apply(this, given);
    };
    Object.defineProperty(target, name, { value });
  }
}

/** On a slow machine too, no timer goes off between two runs and is set anew in the second. */
function countTimer(name: (typeof TIMERS)[number]): void {
  const original = globals[name]!;
  Object.defineProperty(globalThis, name, {
    value: (callback: unknown, ms = 0, ...given: unknown[]) => {
      count(`globalThis.${name}`);
      return original(callback, ms > 0 ? NEVER_MS : 0, ...given);
    },
  });
}

function watch(): void {
  countMethods("AbortSignal", AbortSignal.prototype, ["addEventListener"]);
  countMethods("Bun.SHA256", Bun.SHA256, ["hash"]);
  countMethods("Bun.CryptoHasher", Bun.CryptoHasher.prototype, ["update", "digest"]);
  countMethods("crypto.subtle", crypto.subtle, ["digest", "importKey", "sign", "verify"]);
  countMethods("Headers", Headers.prototype, [
    ...["append", "delete", "entries", "forEach", "get", "has", "keys", "set", "values"],
    Symbol.iterator,
  ]);
  countMethods("TextEncoder", TextEncoder.prototype, ["encode", "encodeInto"]);
  countMethods("TextDecoder", TextDecoder.prototype, ["decode"]);
  for (const [owner, names] of Object.entries(STATIC)) countMethods(owner, globals[owner]!, names);
  for (const name of FUNCTIONS) countMethods("globalThis", globalThis, [name]);
  for (const name of TIMERS) countTimer(name);
  for (const name of CONSTRUCTED) {
    globals[name] = new Proxy(globals[name]!, {
      construct(target, given, newTarget) {
        count(`new ${name}`);
        return Reflect.construct(target, given, newTarget);
      },
    });
  }
}

/** The calls of one run, after one that has filled the caches. */
async function callsOf({ prepare }: Work, planted: () => void): Promise<Record<string, number>> {
  const [first, second] = await prepare(2, planted);
  await first!();
  counts.clear();
  await second!();
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Whoever takes a global when its module is loaded has to find the counting one.
watch();
const { WORKS } = await import("./work.ts");
const { PLANTED } = await import("./planted.ts");
const planted = PLANTED[(process.argv[2] ?? "nothing") as Planted];
const calls: Record<string, Record<string, number>> = {};
for (const [name, work] of Object.entries(WORKS)) calls[name] = await callsOf(work, planted);
process.stdout.write(JSON.stringify(calls));
// What the gateway still waits for is not this program's concern.
process.exit(0);
