import type { ObjectType, Shape, ShapeReader, WrittenType } from "./shapes.ts";

/** The members by which one of several types of objects is told from the others. */
const TAGS = ["type", "role"];
// Names of models and the like are no list of things that an API can do.
const MAX_TEXTS = 24;

/** A type of object, at the first place of a request where it can be. Several words are separated by spaces. */
export interface Place {
  /** The member by which it is told from others, and its texts. Absent: there is none. */
  tag?: { name: string; texts: string };
  /** The names of its members. */
  members: string;
  /** The places of the objects that a member can be or, as a list, have. */
  objects?: Record<string, string>;
  /** The texts that a member, or its elements, can be. */
  texts?: Record<string, string>;
}

/** The places of a request by their names: `messages[]{user}.content[]{text}`, empty for the request itself. */
export type Places = Record<string, Place>;

/**
 * Lists every type of object that a request can have, with its members.
 *
 * @param roots the types that together are the request, by where they are: `""`, `generationConfig`
 * @param reader works out what types allow
 */
export function placesOf(
  roots: readonly (readonly [at: string, Shape])[],
  reader: ShapeReader,
): Places {
  const listing: Listing = { places: {}, reader, names: new Map() };
  for (const [at, shape] of roots) {
    for (const type of shape.objects) addMembers(type, at, listing);
    if (at !== "") addRoot(listing.places[""]!, at);
  }
  return listing.places;
}

interface Listing {
  places: Places;
  reader: ShapeReader;
  /** The names of places by type. */
  names: Map<ObjectType, string>;
}

/** Gives the names of all places of objects that a shape can be or have. */
function namesIn(shape: Shape, at: string, listing: Listing): string[] {
  const types = shape.objects.filter(({ members }) => members.size > 0);
  const own = types.map((type) => nameOf(type, at, listing));
  const inner = shape.elements.flatMap((element) =>
    namesIn(listing.reader.read(element), `${at}[]`, listing),
  );
  return [...new Set([...own, ...inner])];
}

function nameOf(type: ObjectType, at: string, listing: Listing): string {
  const known = listing.names.get(type);
  if (known !== undefined) return known;
  const tag = tagOf(type.members, listing.reader);
  let name = tag ? `${at}{${tag.texts.split(" ")[0]}}` : at;
  while (name in listing.places) name += "'";
  listing.names.set(type, name);
  listing.places[name] = { ...(tag && { tag }), members: "" };
  addMembers(type, name, listing);
  return name;
}

/** Adds the member of the request where a root is. */
function addRoot(request: Place, at: string): void {
  const member = at.replace("[]", "");
  addObjects(request, member, [at]);
  if (!request.members.split(" ").includes(member)) request.members += ` ${member}`;
}

function addMembers({ members }: ObjectType, name: string, listing: Listing): void {
  const place = (listing.places[name] ??= { members: "" });
  const own = [...place.members.split(" "), ...members.keys()].filter(Boolean);
  place.members = [...new Set(own)].join(" ");
  for (const [member, type] of members) {
    const shape = listing.reader.read(type);
    addObjects(place, member, namesIn(shape, `${name}${name && "."}${member}`, listing));
    const texts = textsIn(shape, listing.reader).filter((text) => /^\S+$/.test(text));
    if (texts.length === 0 || texts.length > MAX_TEXTS) continue;
    place.texts = { ...place.texts, [member]: [...new Set(texts)].join(" ") };
  }
}

function addObjects(place: Place, member: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const own = [...(place.objects?.[member] ?? "").split(" "), ...names].filter(Boolean);
  place.objects = { ...place.objects, [member]: [...new Set(own)].join(" ") };
}

function textsIn({ texts, elements }: Shape, reader: ShapeReader): string[] {
  return [...texts, ...elements.flatMap((element) => reader.read(element).texts)];
}

function tagOf(
  members: ReadonlyMap<string, WrittenType>,
  reader: ShapeReader,
): Place["tag"] | undefined {
  for (const name of TAGS) {
    const type = members.get(name);
    const texts = type ? reader.read(type).texts : [];
    if (texts.length > 0) return { name, texts: [...new Set(texts)].join(" ") };
  }
  return undefined;
}
