import { namesIn } from "./bindings.ts";
import { dottedName, mutatedNames } from "./mutations.ts";
import type { Node, Source } from "./source.ts";

/** Something at the top level of a module that can change while the program runs. */
export interface ModuleState {
  name: string;
  line: number;
  /** What makes it state, as the end of a sentence: `is declared with let`. */
  why: string;
}

/**
 * The state that a module keeps: variables that are no constants, constants whose value the module
 * changes, values that are there to be changed, static fields. State of another file that it changes
 * counts as well.
 */
export function moduleState(source: Source): ModuleState[] {
  const mutated = mutatedNames(source);
  return source.program.body
    .map((statement) => declarationIn(statement))
    .flatMap((node) => [...declaredState(node), ...mutatedState(node, mutated)])
    .map(({ name, node, why }) => ({ name, line: source.lineAt(node.start), why }))
    .filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index);
}

interface State {
  name: string;
  node: Node;
  why: string;
}

function declarationIn(statement: Node): Node {
  if (statement.type !== "ExportNamedDeclaration") return statement;
  return statement.declaration ?? statement;
}

function declaredState(node: Node): State[] {
  if (node.type === "ClassDeclaration") return staticState(node.body.body);
  if (node.type !== "VariableDeclaration") return [];
  return node.declarations.flatMap(({ id, init }) => {
    const why = node.kind === "const" ? stateOfConstant(id, init) : `is declared with ${node.kind}`;
    return why ? namesIn(id).map((name) => ({ name, node, why })) : [];
  });
}

function mutatedState(node: Node, mutated: ReadonlySet<string>): State[] {
  return mutableNames(node)
    .filter((name) => mutated.has(name))
    .map((name) => ({ name, node, why: "is changed in place" }));
}

/** The names of constants, and of what comes from another file, whose value may be changed. */
function mutableNames(node: Node): string[] {
  if (node.type === "VariableDeclaration") {
    const own = node.declarations.filter(({ init }) => !init || !isElement(init));
    return own.flatMap(({ id }) => namesIn(id));
  }
  if (node.type !== "ImportDeclaration" || !node.source.value.startsWith(".")) return [];
  return node.specifiers.map(({ local }) => local.name);
}

// An element of a page is state of the document, which is there with or without the module.
function isElement(init: Node): boolean {
  return (
    init.type === "CallExpression" && /^(find\w*|document\.\w+)$/.test(dottedName(init.callee))
  );
}

function staticState(members: readonly Node[]): State[] {
  return members.flatMap((node) => {
    if (node.type !== "PropertyDefinition" || !node.static || node.readonly) return [];
    const name = "name" in node.key ? String(node.key.name) : "(computed)";
    return [{ name, node, why: "is a static field that is not readonly" }];
  });
}

// Objects of the platform that are values, as long as the module does not change them in place.
const VALUES = /^(Array|Date|Error|Intl\..*|RegExp|Text(De|En)coder|URL|\w*\d+Array)$/;

/** Why a constant is state, if it is, whatever the module does with it. */
function stateOfConstant(id: Node, init: Node | null): string | undefined {
  const value = init && unwrap(init);
  if (value?.type === "CallExpression") {
    const isMaker = /^create[A-Z]/.test(dottedName(value.callee));
    return isMaker ? "holds what a create… function made" : undefined;
  }
  if (value?.type !== "NewExpression") return undefined;
  const name = dottedName(value.callee);
  if (/^(Map|Set|WeakMap|WeakSet)$/.test(name)) {
    const isFilled = value.arguments.length > 0 || hasReadonlyType(id);
    return isFilled ? undefined : `is an empty ${name}, there to be filled`;
  }
  return VALUES.test(name) ? undefined : `holds an instance of ${name}`;
}

function unwrap(node: Node): Node {
  if (node.type === "AwaitExpression") return unwrap(node.argument);
  const isWrapper = node.type === "TSAsExpression" || node.type === "TSSatisfiesExpression";
  return isWrapper ? unwrap(node.expression) : node;
}

function hasReadonlyType(id: Node): boolean {
  if (id.type !== "Identifier" || !id.typeAnnotation) return false;
  const { typeAnnotation: type } = id.typeAnnotation;
  return type.type === "TSTypeReference" && /^Readonly/.test(dottedName(type.typeName));
}
