import type { Node } from "./source.ts";

/** The names that a pattern binds: `a` and `b` of `{ a, x: [b] }`. */
export function namesIn(pattern: Node | null | undefined): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap(namesIn);
    case "ArrayPattern":
      return pattern.elements.flatMap(namesIn);
    case "Property":
      return namesIn(pattern.value);
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "TSParameterProperty":
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}

/** Whether a name means something nearer than the module's own declaration of it. */
export function isShadowed(name: string, ancestors: readonly Node[]): boolean {
  return ancestors.some((node) => node.type !== "Program" && namesOfScope(node).includes(name));
}

/** The names that a node declares for what is inside it. */
function namesOfScope(node: Node): string[] {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return [...("id" in node ? namesIn(node.id) : []), ...node.params.flatMap(namesIn)];
    case "BlockStatement":
    case "StaticBlock":
      return node.body.flatMap(declaredNames);
    case "SwitchCase":
      return node.consequent.flatMap(declaredNames);
    case "ForStatement":
      return node.init ? declaredNames(node.init) : [];
    case "ForOfStatement":
    case "ForInStatement":
      return declaredNames(node.left);
    case "CatchClause":
      return namesIn(node.param);
    default:
      return [];
  }
}

/** The names that a statement declares. */
export function declaredNames(statement: Node): string[] {
  switch (statement.type) {
    case "VariableDeclaration":
      return statement.declarations.flatMap(({ id }) => namesIn(id));
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return namesIn(statement.id);
    case "ExportNamedDeclaration":
      return statement.declaration ? declaredNames(statement.declaration) : [];
    default:
      return [];
  }
}
