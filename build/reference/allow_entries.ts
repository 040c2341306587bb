import type { Operation } from "../../lib/gateway/providers/operation.ts";
import { BETA_HEADERS, OPERATIONS, QUERY } from "../../lib/gateway/providers/operations.ts";
import {
  ANSWERS_ENTRY,
  CALL_PARAMETERS,
  entryOf,
} from "../../lib/gateway/providers/mcp/methods.ts";
import type { Shape } from "../../lib/gateway/providers/shape.ts";

/** Methods of MCP that need an entry of `allow`, one of each family that is known. */
const MCP_METHODS = ["resources/list", "prompts/list", "completion/complete"];

/**
 * Finds every entry of `allow` in the tables of APIs. An entry that ends in `:` stands for all that begin with it.
 *
 * @returns the names of the APIs where each entry counts, by entry
 */
export function allowEntries(): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const add = (entry: string, api: string) =>
    found.set(entry, (found.get(entry) ?? new Set()).add(api));
  for (const operation of Object.values(OPERATIONS).flat()) {
    for (const entry of entriesOf(operation)) add(entry, apiOf(operation));
  }
  for (const { needs } of Object.values(QUERY)) if (needs !== undefined) add(needs, ANY_MODEL_API);
  if (BETA_HEADERS.size > 0) add("beta", ANY_MODEL_API);
  add("header:", "all");
  const ofMcp = [...MCP_METHODS.map(entryOf), ...CALL_PARAMETERS.values(), ANSWERS_ENTRY, "mcp:"];
  for (const entry of ofMcp) if (entry !== undefined) add(entry, "MCP");
  return new Map([...found].map(([entry, apis]) => [entry, [...apis]]));
}

const ANY_MODEL_API = "all but MCP";

/** The name of an API, of which several operations may be. */
export function apiOf({ name }: Operation): string {
  return name.replace(/^Azure /, "").replace(/^(Anthropic|Bedrock|Gemini|Vertex).*/, "$1");
}

/** The entries that open something in an operation. */
function entriesOf({ body }: Operation): Set<string> {
  const entries = new Set<string>();
  if (body) collect(body, entries, new Set());
  return entries;
}

function collect(shape: Shape, entries: Set<string>, seen: Set<Shape>): void {
  if (seen.has(shape)) return;
  seen.add(shape);
  const { needs, scalars, countAbove, required, members, variants, opens, list, map } = shape;
  const own = [
    needs,
    ...(scalars?.values() ?? []),
    countAbove?.needs,
    ...(required?.values() ?? []),
    members && (opens ?? "field:"),
    variants && (variants.opens ?? "field:"),
  ];
  for (const entry of own) if (entry !== undefined) entries.add(entry);
  const inner = [
    ...(members?.values() ?? []),
    ...(variants?.shapes.values() ?? []),
    variants?.others,
    list,
    map,
  ];
  for (const part of inner) if (part) collect(part, entries, seen);
}
