import type { Node } from "../source/source.ts";
import { type Files, type Found, lookUp, type Scope } from "./declarations.ts";

/** A type as it is written, and the scope in which it is written. */
export interface WrittenType {
  node: Node;
  scope: Scope;
}

/** A type that has members. */
export interface ObjectType {
  members: Map<string, WrittenType>;
}

/** What a type allows. */
export interface Shape {
  objects: ObjectType[];
  /** The types of the elements of lists. */
  elements: WrittenType[];
  /** Texts that are written out. */
  texts: string[];
}

const LISTS = ["Array", "ReadonlyArray", "Iterable"];
// The type of their first argument, more or less.
const WRAPPERS = ["Partial", "Required", "Readonly", "NonNullable", "Exclude"];

/** Works out what types allow. */
export class ShapeReader {
  readonly #files: Files;
  /** The shapes of the types that were read, so that a type has the same objects wherever it is used. */
  readonly #shapes = new Map<unknown, Shape>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** What a type allows, with all references followed. */
  read(type: WrittenType): Shape {
    return this.#once(type.node, () => this.#read(type));
  }

  #once(key: unknown, read: () => Shape): Shape {
    let shape = this.#shapes.get(key);
    if (!shape) this.#shapes.set(key, (shape = read()));
    return shape;
  }

  #read({ node, scope }: WrittenType): Shape {
    switch (node.type) {
      case "TSUnionType":
        return union(node.types.map((type) => this.read({ node: type, scope })));
      case "TSIntersectionType":
        return intersection(node.types.map((type) => this.read({ node: type, scope })));
      case "TSParenthesizedType":
        return this.read({ node: node.typeAnnotation, scope });
      case "TSArrayType":
        return { ...NOTHING, elements: [{ node: node.elementType, scope }] };
      case "TSTypeLiteral":
        return { ...NOTHING, objects: [{ members: membersOf(node.members, scope) }] };
      case "TSLiteralType":
        return { ...NOTHING, texts: textsOf(node.literal) };
      case "TSTypeReference":
        return this.#readReference(node, scope);
      default:
        return NOTHING;
    }
  }

  /** What an exported type of a file allows. */
  readNamed(name: string, scope: Scope): Shape {
    const found = lookUp([name], scope, this.#files);
    if (!found) throw new Error(`there is no type ${name}`);
    return this.#readFound(found);
  }

  #readReference(
    { typeName, typeArguments }: Extract<Node, { type: "TSTypeReference" }>,
    scope: Scope,
  ): Shape {
    const parts = partsOf(typeName);
    const found = lookUp(parts, scope, this.#files);
    if (found) return this.#readFound(found);
    const [first, second] = typeArguments?.params ?? [];
    const [name] = parts;
    if (first === undefined) return NOTHING;
    if (LISTS.includes(name!)) return { ...NOTHING, elements: [{ node: first, scope }] };
    if (WRAPPERS.includes(name!)) return this.read({ node: first, scope });
    if (name === "Omit" || name === "Pick") {
      const names = this.read({ node: second!, scope }).texts;
      const isKept = (member: string) => names.includes(member) === (name === "Pick");
      return withMembers(this.read({ node: first, scope }), isKept);
    }
    return NOTHING;
  }

  #readFound(found: Found): Shape {
    return this.#once(found.declaration, () => this.#readDeclaration(found));
  }

  #readDeclaration({ declaration: { interfaces, alias }, scope }: Found): Shape {
    if (alias) return this.read({ node: alias.typeAnnotation, scope });
    if (interfaces.length === 0) return NOTHING;
    const parts = interfaces.map(({ body, extends: bases }) => {
      const own: Shape = { ...NOTHING, objects: [{ members: membersOf(body.body, scope) }] };
      return intersection([...bases.map((base) => this.#readBase(base, scope)), own]);
    });
    return intersection(parts);
  }

  #readBase(
    { expression, typeArguments }: Extract<Node, { type: "TSInterfaceHeritage" }>,
    scope: Scope,
  ): Shape {
    const reference = { type: "TSTypeReference", typeName: expression, typeArguments };
    return this.read({ node: reference as unknown as Node, scope });
  }
}

const NOTHING: Shape = { objects: [], elements: [], texts: [] };

function union(shapes: readonly Shape[]): Shape {
  return {
    objects: shapes.flatMap(({ objects }) => objects),
    elements: shapes.flatMap(({ elements }) => elements),
    texts: shapes.flatMap(({ texts }) => texts),
  };
}

/** Each object of one with each object of the next; the members of the later ones win. */
function intersection(shapes: readonly Shape[]): Shape {
  const withObjects = shapes.filter(({ objects }) => objects.length > 0);
  const objects = withObjects.reduce<ObjectType[]>(
    (all, shape) =>
      all.flatMap(({ members }) =>
        shape.objects.map((next) => ({ members: new Map([...members, ...next.members]) })),
      ),
    [{ members: new Map() }],
  );
  return { ...union(shapes), objects: withObjects.length > 0 ? objects : [] };
}

function withMembers(shape: Shape, isKept: (member: string) => boolean): Shape {
  const objects = shape.objects.map(({ members }) => ({
    members: new Map([...members].filter(([name]) => isKept(name))),
  }));
  return { ...shape, objects };
}

function membersOf(nodes: readonly Node[], scope: Scope): Map<string, WrittenType> {
  const members = new Map<string, WrittenType>();
  for (const node of nodes) {
    if (node.type !== "TSPropertySignature" || !node.typeAnnotation) continue;
    const type = node.typeAnnotation.typeAnnotation;
    if (type.type === "TSNeverKeyword") continue;
    if (node.key.type === "Identifier") members.set(node.key.name, { node: type, scope });
    if (node.key.type === "Literal") members.set(String(node.key.value), { node: type, scope });
  }
  return members;
}

function textsOf(literal: Node): string[] {
  return literal.type === "Literal" && typeof literal.value === "string" ? [literal.value] : [];
}

function partsOf(name: Node): string[] {
  if (name.type === "Identifier") return [name.name];
  if (name.type === "TSQualifiedName") return [...partsOf(name.left), ...partsOf(name.right)];
  if (name.type === "MemberExpression") return [...partsOf(name.object), ...partsOf(name.property)];
  return ["?"];
}
