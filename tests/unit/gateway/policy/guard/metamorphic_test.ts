import { describe, expect, test } from "bun:test";
import { createRandom, printedSeed } from "../../../../support/random.ts";
import { guarded, refusal } from "./guarded.ts";
import { harmlessAt, namesOf, placesOf, typedObjects, valuesOf, withMember } from "./places.ts";
import type { Members } from "./requests/request_table.ts";
import { TABLES } from "./requests/tables.ts";

const SEED = printedSeed("members that are not harmless");
const RUNS = 500;

// Clients send it back as they received it, though no type of a request has it.
const SENT_BACK = { place: "messages[]{assistant}", member: "annotations" };

describe("a member that is not harmless, in random accepted requests,", () => {
  test.each([...TABLES])(
    "is refused in $operation",
    ({ operation, provider, path, minimal, options }) => {
      const random = createRandom(SEED);
      const places = placesOf(operation);
      let refused = 0;
      for (let run = 0; run < RUNS; run++) {
        const chosen = options.filter(() => random.below(3) === 0);
        const body = Object.assign({}, minimal, ...chosen) as Members;
        expect(() => guarded({ provider, path, body })).not.toThrow();
        const { path: at, name, place, object } = random.pick(typedObjects(body, places));
        const { members } = harmlessAt(operation, name);
        if (members.includes("*")) continue;
        // Half of them are members of other places.
        const names = random.below(2) === 0 ? namesOf(provider) : place.members.split(" ");
        const isSentBack = (member: string) =>
          name === SENT_BACK.place && member === SENT_BACK.member;
        const isOther = (member: string) => !members.includes(member) && !(member in object);
        const others = names.filter((member) => isOther(member) && !isSentBack(member));
        if (others.length === 0) continue;
        const member = random.pick(others);
        const edited = withMember(body, at, member, random.pick(valuesOf(place, member)));
        expect([member, refusal({ provider, path, body: edited })?.code]).toEqual([
          member,
          "policy_violation",
        ]);
        refused++;
      }
      expect(refused).toBeGreaterThan(RUNS / 10);
    },
  );
});
