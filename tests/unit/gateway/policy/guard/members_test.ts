import { describe, expect, test } from "bun:test";
import types from "../../../../vectors/type_members.json" with { type: "json" };
import type { PolicyError } from "../../../../../lib/gateway/problem/policy_error.ts";
import { OPERATIONS } from "../../../../../lib/gateway/providers/operations.ts";
import { refusal } from "./guarded.ts";
import {
  harmlessAt,
  harmlessBodies,
  harmlessPlaces,
  namesOf,
  placesOf,
  type TypedObject,
  typedObjects,
  valuesOf,
  withMember,
} from "./places.ts";
import type { Members, RequestTable } from "./requests/request_table.ts";
import { TABLES } from "./requests/tables.ts";
import { spellingsOf, withEscapedName } from "./spellings.ts";

/** An object of a harmless request, once for each place of the type definitions. */
interface Sample extends TypedObject {
  body: Members;
}

function samplesOf(table: RequestTable): Sample[] {
  const places = placesOf(table.operation);
  const byName = new Map<string, Sample>();
  for (const body of harmlessBodies(table)) {
    for (const object of typedObjects(body, places)) {
      const isAnything = harmlessAt(table.operation, object.name).members.includes("*");
      if (!isAnything && !byName.has(object.name)) byName.set(object.name, { ...object, body });
    }
  }
  return [...byName.values()];
}

function isViolation(error: PolicyError | undefined): boolean {
  return error?.code === "policy_violation";
}

describe.each([...TABLES])("$operation", (table) => {
  const { operation, provider, path, minimal, hidden } = table;
  const samples = samplesOf(table);
  const refusalOf = (body: unknown) => refusal({ provider, path, body });
  const harmful = samples.flatMap((sample) => {
    const { members } = harmlessAt(operation, sample.name);
    const others = sample.place.members.split(" ").filter((name) => !members.includes(name));
    return others.map((name) => ({ sample, name }));
  });

  test("has a harmless request with each member that is on the list of harmless ones", () => {
    const places = placesOf(operation);
    const objects = harmlessBodies(table).flatMap((body) => typedObjects(body, places));
    for (const [name, { members }] of harmlessPlaces(operation)) {
      const own = objects.filter((object) => object.name === name && members !== "*");
      const names = new Set(own.flatMap(({ object }) => Object.keys(object)));
      expect([
        name,
        members.split(" ").filter((member) => !names.has(member) && member !== "*"),
      ]).toEqual([name, []]);
    }
  });

  test("refuses each text that is not on it", () => {
    for (const { body, path: at, name } of samples) {
      for (const [member, texts] of Object.entries(harmlessAt(operation, name).refused)) {
        for (const value of texts.flatMap((text) => [text, [text]])) {
          expect(refusalOf(withMember(body, at, member, value))?.code).toBe("policy_violation");
        }
      }
    }
  });

  test("refuses each member of the type definitions that is not on it, however it is written", () => {
    const granted = harmful.flatMap(({ sample: { body, path: at, place }, name }) => {
      const bodies = valuesOf(place, name).map((value) => withMember(body, at, name, value));
      const escaped = bodies.map((edited) => withEscapedName(edited, name));
      const spelt = spellingsOf(name).map((spelling) => withMember(body, at, spelling, true));
      return [...bodies, ...escaped, ...spelt].filter((edited) => !isViolation(refusalOf(edited)));
    });
    expect(granted).toEqual([]);
  });

  test("refuses members of other operations and of other levels", () => {
    const known = harmlessAt(operation, "").members;
    const names = namesOf(provider).filter((name) => !known.includes(name) && !(name in minimal));
    const isGranted = (name: string) => !isViolation(refusalOf({ ...minimal, [name]: true }));
    expect(names.filter(isGranted)).toEqual([]);
    const all = new Set([
      ...names,
      ...harmful.map(({ sample, name }) => `${sample.name}.${name}`),
      ...hidden.map(({ what }) => what),
    ]);
    expect(all.size).toBeGreaterThanOrEqual(60);
  });

  test("refuses other spellings of members that are harmless, and never opens them", () => {
    const granted = samples.flatMap(({ body, path: at, name, object }) => {
      const { members } = harmlessAt(operation, name);
      const own = Object.keys(object).map((key) => key.toLowerCase());
      const isNew = (spelling: string) =>
        !members.includes(spelling) && !own.includes(spelling.toLowerCase());
      const spellings = [...new Set(members.flatMap(spellingsOf))].filter(isNew);
      return spellings.filter((spelling) => {
        const edited = withMember(body, at, spelling, true);
        const error = refusalOf(edited);
        const allow = new Set([`field:${error?.param?.replaceAll(/\[\d+\]/g, "[]")}`]);
        return (
          !isViolation(error) || !isViolation(refusal({ provider, path, body: edited }, { allow }))
        );
      });
    });
    expect(granted).toEqual([]);
  });
});

test("all operations with a body have requests", () => {
  const names = Object.values(OPERATIONS).flatMap((operations) =>
    operations.filter(({ body }) => body).map(({ name }) => name),
  );
  expect(TABLES.map(({ operation }) => operation).sort()).toEqual([...new Set(names)].sort());
});

test("the tables and the vectors name the same versions", () => {
  for (const { name, checked, body } of Object.values(OPERATIONS).flat()) {
    const version = checked.slice(0, checked.indexOf(","));
    const vectors = types.operations[name as keyof typeof types.operations];
    if (body && vectors) expect(vectors.source).toBe(version);
    expect(checked).toMatch(/ \d+\.\d+\.\d+ \(npm\), 2\d{3}-\d\d-\d\d$/);
  }
});
