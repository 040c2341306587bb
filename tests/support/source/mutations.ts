import { isShadowed } from "./bindings.ts";
import { type Node, type Source, walk } from "./source.ts";

/** The names of the module's own scope whose value is changed in place somewhere in it. */
export function mutatedNames({ program }: Source): Set<string> {
  const found = new Set<string>();
  walk(program, (node, ancestors) => {
    for (const target of changedBy(node)) {
      const name = rootOf(target);
      if (name !== undefined && !isShadowed(name, ancestors)) found.add(name);
    }
  });
  return found;
}

const MUTATORS =
  /^(add|append|clear|copyWithin|delete|fill|pop|push|reverse|set|shift|sort|splice|unshift)$/;

const OBJECT_MUTATORS = /^(Object\.(assign|define\w+|setPrototypeOf)|Reflect\.(set|define\w+))$/;

/** The expressions whose value a node changes. */
function changedBy(node: Node): Node[] {
  switch (node.type) {
    case "AssignmentExpression":
      return membersIn(node.left);
    case "UpdateExpression":
      return membersIn(node.argument);
    case "UnaryExpression":
      return node.operator === "delete" ? membersIn(node.argument) : [];
    case "CallExpression":
      return changedByCall(node);
    default:
      return [];
  }
}

function changedByCall({ callee, arguments: args }: Node & { type: "CallExpression" }): Node[] {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return [];
  if (OBJECT_MUTATORS.test(dottedName(callee))) return args.slice(0, 1);
  return MUTATORS.test(callee.property.name) ? [callee.object] : [];
}

/** The objects whose members an assignment sets: `a` of `a.b = 1` and of `[a.b, c] = [1, 2]`. */
function membersIn(target: Node): Node[] {
  switch (target.type) {
    case "MemberExpression":
      return [target.object];
    case "ArrayPattern":
      return target.elements.flatMap((element) => (element ? membersIn(element) : []));
    case "ObjectPattern":
      return target.properties.flatMap(membersIn);
    case "Property":
      return membersIn(target.value);
    case "AssignmentPattern":
      return membersIn(target.left);
    case "RestElement":
      return membersIn(target.argument);
    default:
      return [];
  }
}

/** The variable that an expression such as `a.b[0]!` starts from. */
function rootOf(node: Node): string | undefined {
  switch (node.type) {
    case "Identifier":
      return node.name;
    case "MemberExpression":
      return rootOf(node.object);
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "ChainExpression":
    case "ParenthesizedExpression":
      return rootOf(node.expression);
    default:
      return undefined;
  }
}

/** An expression such as `Object.assign` as a text; `?` stands for what is no name. */
export function dottedName(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return "?";
  return `${dottedName(node.object)}.${node.property.name}`;
}
