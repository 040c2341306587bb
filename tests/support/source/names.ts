import { namesIn } from "./bindings.ts";
import { nameOfFunction, parametersOf } from "./functions.ts";
import { type Node, type Source, walk } from "./source.ts";

/** A name that a file declares. */
export interface DeclaredName {
  name: string;
  kind: "function" | "class" | "type" | "constant" | "variable";
  line: number;
}

/**
 * Every name that a file declares. A member of a type that is a function is a function; a constant is
 * a variable at the top level that is exported.
 */
export function declaredNames(source: Source): DeclaredName[] {
  const found: DeclaredName[] = [];
  walk(source.program, (node, ancestors) => {
    for (const [name, kind] of declaredBy(node, ancestors)) {
      found.push({ name, kind, line: source.lineAt(node.start) });
    }
  });
  return found;
}

type Declared = [name: string, kind: DeclaredName["kind"]];

function declaredBy(node: Node, ancestors: readonly Node[]): Declared[] {
  switch (node.type) {
    case "ClassDeclaration":
    case "ClassExpression":
      return namesIn(node.id).map((name) => [name, "class"]);
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSEnumDeclaration":
      return [[node.id.name, "type"]];
    case "ExportSpecifier":
      return [
        [node.exported.type === "Literal" ? node.exported.value : node.exported.name, "constant"],
      ];
    case "VariableDeclarator":
      return variables(node, ancestors[1]?.type === "ExportNamedDeclaration");
    default:
      return functionNames(node, ancestors);
  }
}

function variables(node: Node & { type: "VariableDeclarator" }, isExported: boolean): Declared[] {
  if (node.init && isFunction(node.init)) return [];
  return namesIn(node.id).map((name) => [name, isExported ? "constant" : "variable"]);
}

/** The name of a function or of a member that is one, and its parameters. */
function functionNames(node: Node, ancestors: readonly Node[]): Declared[] {
  if (node.type === "TSPropertySignature") {
    const isOne = node.typeAnnotation?.typeAnnotation.type === "TSFunctionType";
    return isOne ? [[nameOfFunction(node, ancestors), "function"]] : [];
  }
  const parameters = parametersOf(node);
  if (!parameters || node.type === "TSFunctionType") return [];
  return [
    [nameOfFunction(node, ancestors), "function"],
    ...parameters.flatMap(namesIn).map((name): Declared => [name, "variable"]),
  ];
}

function isFunction(node: Node) {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}
