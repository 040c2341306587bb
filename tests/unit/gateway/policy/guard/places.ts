import types from "../../../../vectors/type_members.json" with { type: "json" };
import harmless from "../../../../vectors/harmless_members.json" with { type: "json" };
import type { Place, Places } from "../../../../support/type_members/members.ts";
import type { Members, RequestTable } from "./requests/request_table.ts";

/** A member of a body: the names and indices that lead to it. */
export type BodyPath = readonly (string | number)[];

/** An object of a body, and the type that the SDK gives it. */
export interface TypedObject {
  /** The names and indices that lead to it. */
  path: BodyPath;
  object: Members;
  /** The name of its place. */
  name: string;
  place: Place;
}

/** What is known to be harmless at a place. */
export interface HarmlessPlace {
  /** Names of members. */
  members: readonly string[];
  /** Texts that are not, by the names of members. */
  refused: Readonly<Record<string, readonly string[]>>;
}

// Operations whose requests have the same types as those of another.
const SAME_TYPES: Readonly<Record<string, string>> = {
  "Anthropic count tokens": "Anthropic messages",
  "Bedrock converse-stream": "Bedrock converse",
  "Bedrock invoke": "Anthropic messages",
  "Bedrock invoke-with-response-stream": "Anthropic messages",
  "Gemini countTokens": "Gemini generateContent",
  "Gemini streamGenerateContent": "Gemini generateContent",
};

/** The requests of another operation, in a list. */
interface ListOfRequests {
  /** The member that is the list. */
  member: string;
  of: string;
  /** A member that each of them has, and the type in the SDK has not. */
  own: string;
}

const LISTS: Readonly<Record<string, ListOfRequests>> = {
  "Gemini batchEmbedContents": { member: "requests", of: "Gemini embedContent", own: "model" },
};

/** The operation of the same name at the provider whose types it has. */
const withoutHost = (operation: string) =>
  operation.replace(/^Azure | of a resource$/g, "").replace(/^Vertex /, "Gemini ");

/** The places of the requests of an operation. */
export function placesOf(operation: string): Places {
  const name = withoutHost(operation);
  const list = LISTS[name];
  if (list) return placesOfList(list);
  const { operations } = types as unknown as { operations: Record<string, { places: Places }> };
  return operations[SAME_TYPES[name] ?? name]!.places;
}

/** The places of a request with a member that is a list of other requests. */
function placesOfList({ member, of, own }: ListOfRequests): Places {
  const nested = (names: string) =>
    names
      .split(" ")
      .map((name) => `${member}[]${name && "."}${name}`)
      .join(" ");
  const inside = Object.entries(placesOf(of)).map(([name, place]) => {
    const objects = Object.entries(place.objects ?? {}).map(([key, it]) => [key, nested(it)]);
    const members = name === "" ? `${place.members} ${own}` : place.members;
    return [nested(name), { ...place, members, objects: Object.fromEntries(objects) }];
  });
  const outside = { members: member, objects: { [member]: `${member}[]` } };
  return { "": outside, ...Object.fromEntries(inside) };
}

/** A place on the list of what is harmless. Several words are separated by spaces. */
interface ListedPlace {
  members: string;
  refused?: Record<string, string>;
}

/** The list of what is harmless in the requests of an operation, by place. */
export function harmlessPlaces(operation: string): [string, ListedPlace][] {
  const { operations } = harmless as unknown as {
    operations: Record<string, Record<string, ListedPlace>>;
  };
  return Object.entries(operations[withoutHost(operation)]!);
}

/**
 * What is known to be harmless at a place, as reviewed by hand. In one with `*`, everything is. Places that differ in a
 * last `'` have the same tag, so that no one can tell their objects apart.
 */
export function harmlessAt(operation: string, place: string): HarmlessPlace {
  const isSame = (name: string) => name.replace(/'+$/, "") === place.replace(/'+$/, "");
  const listed = harmlessPlaces(operation).filter(([name]) => isSame(name));
  const refused = listed.flatMap(([, { refused: texts = {} }]) => Object.entries(texts));
  const words = (text: string) => text.split(" ").filter(Boolean);
  return {
    members: listed.flatMap(([, { members }]) => words(members)),
    refused: Object.fromEntries(refused.map(([name, text]) => [name, words(text)])),
  };
}

/** The harmless requests of an operation: the minimal one, and with each option. */
export function harmlessBodies({ minimal, options }: RequestTable): Members[] {
  return [minimal, ...options.map((option) => ({ ...minimal, ...option }))];
}

/** The objects of a body whose types are known, the body included. */
export function typedObjects(body: Members, places: Places): TypedObject[] {
  const found: TypedObject[] = [];
  visit(body, { path: [], names: [""] }, { places, found });
  return found;
}

function visit(
  value: unknown,
  { path, names }: { path: BodyPath; names: readonly string[] },
  walk: { places: Places; found: TypedObject[] },
): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      visit(element, { path: [...path, index], names }, walk);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const object = value as Members;
  // A request may have members that the newest types no longer have.
  const matching = names.filter((name) => name === "" || isOfType(object, walk.places[name]!));
  for (const name of matching) {
    const place = walk.places[name]!;
    walk.found.push({ path, object, name, place });
    for (const [member, inner] of Object.entries(place.objects ?? {})) {
      visit(object[member], { path: [...path, member], names: inner.split(" ") }, walk);
    }
  }
}

function isOfType(object: Members, { tag, members }: Place): boolean {
  const names = members.split(" ");
  const tagged = tag && object[tag.name];
  if (typeof tagged === "string" && !tag!.texts.split(" ").includes(tagged)) return false;
  return Object.keys(object).every((name) => names.includes(name));
}

/** All names of members that the type definitions of a provider have, at any level. */
export function namesOf(provider: RequestTable["provider"]): string[] {
  const start = {
    openai: "OpenAI",
    azure: "OpenAI",
    anthropic: "Anthropic",
    google: "Gemini",
    vertex: "Gemini",
    bedrock: "Bedrock",
    mcp: "-",
  };
  const operations = Object.entries(types.operations).filter(([name]) =>
    name.startsWith(start[provider]),
  );
  const places = operations.flatMap(([, operation]) => Object.values(operation.places));
  return [...new Set(places.flatMap(({ members }) => members.split(" ")))];
}

/** A copy of a body in which an object has one more member. */
export function withMember(body: Members, path: BodyPath, name: string, value: unknown): Members {
  const [step, ...rest] = path;
  if (step === undefined) return { ...body, [name]: value };
  const inner = withMember(body[step] as Members, rest, name, value);
  if (Array.isArray(body)) return body.with(Number(step), inner) as unknown as Members;
  return { ...body, [step]: inner };
}

/** Values that a member may have, as its type has them. */
export function valuesOf({ texts, objects }: Place, member: string): unknown[] {
  const own = texts?.[member]?.split(" ") ?? [];
  const inner = objects?.[member] ? [{}, [{}]] : [[]];
  return [...own, ...own.map((text) => [text]), ...inner, true, false, 1, "x"];
}
