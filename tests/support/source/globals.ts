import { declaredNames, isShadowed } from "./bindings.ts";
import { type Node, type Source, walk } from "./source.ts";

/** Every use of a name that the file itself does not declare or import, types included. */
export function globalsOf(source: Source): { name: string; line: number }[] {
  const own = namesOfModule(source);
  const found: { name: string; line: number }[] = [];
  walk(source.program, (node, ancestors) => {
    if (node.type !== "Identifier" || !isReference(node, ancestors[0])) return;
    if (own.has(node.name) || isShadowed(node.name, ancestors)) return;
    found.push({ name: node.name, line: source.lineAt(node.start) });
  });
  return found;
}

function namesOfModule({ program, module }: Source): Set<string> {
  const imported = module.staticImports.flatMap(({ entries }) =>
    entries.map(({ localName }) => localName.value),
  );
  return new Set([...imported, ...program.body.flatMap(declaredNames)]);
}

// `a` of `x.a`, `{ a: 1 }`, `class { a() {} }` and `import { a as b }` is no use of a variable.
function isReference(node: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed;
    case "TSQualifiedName":
      return parent.left === node;
    case "Property":
      return parent.value === node || parent.computed;
    case "MethodDefinition":
    case "PropertyDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key !== node || parent.computed;
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "TSEnumMember":
      return false;
    default:
      return true;
  }
}
