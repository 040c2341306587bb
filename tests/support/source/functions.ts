import { type Node, type Source, walk } from "./source.ts";

/** A function, a method or the type of one. */
export interface FunctionSize {
  /** `(anonymous)` when nothing names it. */
  name: string;
  line: number;
  /** The lines of its whole text, from its name or its first keyword on; 0 for a type. */
  lines: number;
  /** TypeScript's `this` is none; a rest parameter is one. */
  parameters: number;
}

/**
 * Measures every function of a file: declarations, arrows, methods and types of functions. The lines
 * of a function inside another count for both.
 */
export function functionsOf(source: Source): FunctionSize[] {
  const found: FunctionSize[] = [];
  walk(source.program, (node, ancestors) => {
    const parameters = parametersOf(node);
    if (!parameters) return;
    const { start, end } = textOf(node, ancestors[0]);
    const line = source.lineAt(start);
    found.push({
      name: nameOfFunction(node, ancestors),
      line,
      lines: "body" in node && node.body ? source.lineAt(end - 1) - line + 1 : 0,
      parameters: parameters.filter((parameter) => !isThis(parameter)).length,
    });
  });
  return found;
}

/** The parameters of a node that is a function or the type of one. */
export function parametersOf(node: Node): readonly Node[] | undefined {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "TSDeclareFunction":
    case "TSEmptyBodyFunctionExpression":
    case "TSFunctionType":
    case "TSMethodSignature":
    case "TSCallSignatureDeclaration":
    case "TSConstructorType":
    case "TSConstructSignatureDeclaration":
      return node.params;
    default:
      return undefined;
  }
}

function isThis(parameter: Node): boolean {
  return parameter.type === "Identifier" && parameter.name === "this";
}

/** A method's text begins with its name, which belongs to the node around the function. */
function textOf(node: Node, parent: Node | undefined): Node {
  const isMethod =
    parent?.type === "MethodDefinition" || (parent?.type === "Property" && parent.method);
  return isMethod ? parent : node;
}

/** The name that a function has by itself or from what it stands in, the nearest first. */
export function nameOfFunction(node: Node, ancestors: readonly Node[]): string {
  const around = ancestors.find(({ type }) => type !== "TSTypeAnnotation");
  return ownName(node) ?? (around && ownName(around)) ?? "(anonymous)";
}

function ownName(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if ("key" in node) return keyName(node.key);
  if ("id" in node && node.id?.type === "Identifier") return node.id.name;
  return undefined;
}

function keyName(key: Node): string {
  if (key.type === "Identifier" || key.type === "PrivateIdentifier") return key.name;
  return key.type === "Literal" ? String(key.value) : "(anonymous)";
}
