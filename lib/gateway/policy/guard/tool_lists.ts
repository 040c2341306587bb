import type { JsonValue } from "../../../signing/verify.ts";

/** Names of tools, of which a last `*` stands for any characters. */
export type ToolLists = readonly (readonly string[])[];

/** Whether all lists grant a tool. */
export function isToolGranted(name: JsonValue | undefined, lists: ToolLists): boolean {
  return (
    typeof name === "string" && lists.every((list) => list.some((tool) => matches(name, tool)))
  );
}

function matches(name: string, tool: string): boolean {
  return tool.endsWith("*") ? name.startsWith(tool.slice(0, -1)) : name === tool;
}
