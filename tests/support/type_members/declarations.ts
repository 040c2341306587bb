import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Node, parseSource } from "../source/source.ts";

/** What a name stands for in a file of type definitions. An interface may also be a namespace. */
export interface Declaration {
  interfaces: Extract<Node, { type: "TSInterfaceDeclaration" }>[];
  alias?: Extract<Node, { type: "TSTypeAliasDeclaration" }>;
  namespace?: Scope;
  /** The declaration of another file; without a name, all of that file. */
  imported?: { path: string; name?: string };
}

/** The names that are declared in a file or a namespace. */
export interface Scope {
  names: Map<string, Declaration>;
  /** Where a name is looked up that is not here. */
  outer?: Scope;
}

/** The files that were read, by path. */
export type Files = Map<string, Scope>;

/** Reads the declarations of a file. */
export function readFile(path: string, files: Files): Scope {
  const known = files.get(path);
  if (known) return known;
  const scope: Scope = { names: new Map() };
  files.set(path, scope);
  const { program } = parseSource(path, readFileSync(path, "utf8"));
  for (const statement of program.body) declare(statement, scope, path);
  return scope;
}

function declare(statement: Node, scope: Scope, path: string): void {
  switch (statement.type) {
    case "ExportNamedDeclaration":
      if (statement.declaration) declare(statement.declaration, scope, path);
      return;
    case "TSInterfaceDeclaration":
      declarationOf(statement.id.name, scope).interfaces.push(statement);
      return;
    case "TSTypeAliasDeclaration":
      declarationOf(statement.id.name, scope).alias = statement;
      return;
    case "TSModuleDeclaration":
      declareNamespace(statement, scope, path);
      return;
    case "ImportDeclaration":
      declareImport(statement, scope, path);
  }
}

function declareNamespace(
  { id, body }: Extract<Node, { type: "TSModuleDeclaration" }>,
  scope: Scope,
  path: string,
): void {
  if (id.type !== "Identifier" || body?.type !== "TSModuleBlock") return;
  const declaration = declarationOf(id.name, scope);
  declaration.namespace ??= { names: new Map(), outer: scope };
  for (const statement of body.body) declare(statement, declaration.namespace, path);
}

function declareImport(
  { specifiers, source }: Extract<Node, { type: "ImportDeclaration" }>,
  scope: Scope,
  path: string,
): void {
  if (!source.value.startsWith(".")) return;
  const from = join(dirname(path), source.value).replace(/\.m?js$/, ".d.ts");
  if (!existsSync(from)) return;
  for (const specifier of specifiers) {
    const imported =
      specifier.type === "ImportSpecifier"
        ? { path: from, name: nameOf(specifier.imported) }
        : { path: from };
    declarationOf(specifier.local.name, scope).imported = imported;
  }
}

function declarationOf(name: string, { names }: Scope): Declaration {
  let declaration = names.get(name);
  if (!declaration) names.set(name, (declaration = { interfaces: [] }));
  return declaration;
}

function nameOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type === "Literal") return String(node.value);
  throw new TypeError(`a name of type ${node.type}`);
}

/** A declaration, and the scope in which its types are written. */
export interface Found {
  declaration: Declaration;
  scope: Scope;
}

/**
 * Looks a name up, in the scope and those around it.
 *
 * @param parts of the name: `["Shared", "Metadata"]`
 * @returns `undefined` for a name of the language or of another package
 */
export function lookUp(parts: readonly string[], scope: Scope, files: Files): Found | undefined {
  const [first, ...rest] = parts;
  for (let near: Scope | undefined = scope; near; near = near.outer) {
    const declaration = near.names.get(first!);
    if (declaration) return descend({ declaration, scope: near }, rest, files);
  }
  return undefined;
}

function descend({ declaration, scope }: Found, parts: string[], files: Files): Found | undefined {
  const { imported } = declaration;
  if (imported) {
    const file = readFile(imported.path, files);
    const names = [...(imported.name === undefined ? [] : [imported.name]), ...parts];
    return names.length > 0 ? lookUp(names, file, files) : undefined;
  }
  const [first, ...rest] = parts;
  if (first === undefined) return { declaration, scope };
  const inner = declaration.namespace?.names.get(first);
  return inner && descend({ declaration: inner, scope: declaration.namespace! }, rest, files);
}
