import { isJsonObject, type JsonObject, type JsonValue } from "../../../signing/verify.ts";
import type { MemberPath } from "../../providers/operation.ts";

/** The member at a path; `undefined` when it or an object on the way is absent. */
export function memberAt(object: JsonObject, path: MemberPath): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of path) {
    if (!isJsonObject(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** A copy of an object in which the member at a path is set. Objects on the way are made where they are absent. */
export function withMember(object: JsonObject, path: MemberPath, value: JsonValue): JsonObject {
  const [name, ...rest] = path;
  const copy = copyOf(object);
  if (name === undefined) return copy;
  const inner = object[name];
  copy[name] =
    rest.length === 0 ? value : withMember(isJsonObject(inner) ? inner : copyOf(), rest, value);
  return copy;
}

/** A copy of an object without a member. */
export function withoutMember(object: JsonObject, name: string): JsonObject {
  const copy = copyOf(object);
  delete copy[name];
  return copy;
}

/** A copy of an object without the member at a path, which must lead there. */
export function withoutMemberAt(object: JsonObject, path: MemberPath): JsonObject {
  const [name = "", ...rest] = path;
  const inner = object[name];
  if (rest.length === 0 || !isJsonObject(inner)) return withoutMember(object, name);
  return withMember(object, [name], withoutMemberAt(inner, rest));
}

function copyOf(object: JsonObject = {}): JsonObject {
  return Object.assign(Object.create(null), object) as JsonObject;
}
