import { type EcmaScriptModule, type Node, parseSync, type Program, visitorKeys } from "oxc-parser";

export type { Node };

/** A file of TypeScript or JavaScript, parsed. */
export interface Source {
  /** From the root of the checkout, with `/`. */
  path: string;
  text: string;
  program: Program;
  /** Its imports and exports. */
  module: EcmaScriptModule;
  /** The number of the line that holds an offset, from 1. */
  lineAt: (offset: number) => number;
}

/**
 * Parses a file.
 *
 * @param path decides the language: `.ts`, `.tsx`, `.js` and so on
 * @throws Error when the text is not valid in it
 */
export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text);
  const [error] = errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  return { path, text, program, module, lineAt };
}

/** Receives a node and the nodes around it, the innermost first. */
export type Visit = (node: Node, ancestors: readonly Node[]) => void;

/** Calls back for a node and for each node in it, from the outside in. */
export function walk(node: Node, visit: Visit, ancestors: readonly Node[] = []): void {
  visit(node, ancestors);
  for (const child of childrenOf(node)) walk(child, visit, [node, ...ancestors]);
}

function childrenOf(node: Node): Node[] {
  const fields = node as unknown as Record<string, Node | (Node | null)[] | null>;
  const children = (visitorKeys[node.type] ?? []).flatMap((key) => fields[key] ?? []);
  return children.filter((child) => child !== null);
}
