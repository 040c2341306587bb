import { PERMIT_KEYS } from "../token/permits.ts";

/** Names that a signer may take for a key of `sw`, without their last `s`. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  target: "to",
  url: "to",
  upstream: "to",
  address: "ips",
  cidr: "ips",
  timeout: "seconds",
  maxseconds: "seconds",
  duration: "seconds",
  maxtoken: "max_output_tokens",
  maxcompletiontoken: "max_output_tokens",
  systemprompt: "system",
  instruction: "system",
  use: "uses",
  request: "uses",
  ratelimit: "rate",
  concurrency: "concurrent",
  budget: "cost",
  price: "cost",
  policie: "policy",
  patch: "body",
  schema: "body",
};

/** Whether a name is a key of the claim `sw`, in this version or a later one. */
export function isPermitName(name: string): boolean {
  return PERMIT_KEYS.has(name);
}

/**
 * Finds the key of `sw` that a wrong name is likely to mean: one that is written in another way, has another
 * number, or differs by one letter.
 *
 * @param name of an unknown key, of any length
 * @returns the key; `undefined` when none is that near
 */
export function nearestPermitName(name: string): string | undefined {
  const simple = simplify(name);
  if (Object.hasOwn(OTHER_NAMES, simple)) return OTHER_NAMES[simple];
  const keys = [...PERMIT_KEYS];
  const equal = keys.find((key) => simplify(key) === simple);
  return equal ?? keys.find((key) => key.length > 3 && differsByOneLetter(simplify(key), simple));
}

function simplify(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_\s-]/g, "")
    .replace(/s$/, "");
}

/** Whether two texts differ by one letter more, less, other, or by two that changed places. */
function differsByOneLetter(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA === `${restB[1] ?? ""}${restB[0] ?? ""}${restB.slice(2)}`
  );
}
