import { describe, expect, test } from "bun:test";
import { type Draft, outcomeOf, signedRequest, type TestRequest, withParameter } from "../draft.ts";
import { draftOf, neighbourOf, randomPlan, respelled } from "../plans.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";
import { recordedSha256 } from "./recorded_sha256.ts";

const BASES = 400;
const NEIGHBOURS = 5;

/** What a request asks for; two requests with the same meaning are the same request. */
function meaningOf(request: TestRequest): string {
  const parameters = [...new URLSearchParams(request.query)]
    .filter(([name]) => name !== "X-Sw-Signature")
    .sort();
  const signed = new Map(parameters).get("X-Sw-SignedHeaders")?.split(";") ?? [];
  const headers = signed.map((name) => [name, name && request.headers.get(name)]);
  const { method, path, body } = request;
  return JSON.stringify([method, path, parameters, headers, Buffer.from(body).toString("latin1")]);
}

/** Every text that the verifier hashes for a request before it gives up. */
async function hashedFor(request: TestRequest): Promise<string[]> {
  const { sha256, hashed } = recordedSha256();
  const wrong = withParameter(request, "X-Sw-Signature", () => "0".repeat(64));
  await outcomeOf(wrong, { sha256 });
  return hashed.map((bytes) => bytes.toString("latin1"));
}

const signatureOf = (request: TestRequest) => /X-Sw-Signature=(\w+)/.exec(request.query)?.[1];

describe("no two different requests share a string to sign", () => {
  test("over generated pairs", async () => {
    const random = createRandom(printedSeed("injectivity"));
    const meanings = new Map<string, string>();
    let pairs = 0;

    for (let i = 0; i < BASES; i++) {
      const plan = randomPlan(random);
      const base = signedRequest(draftOf(plan));
      expect(await outcomeOf(base)).toBe("accepted");
      const neighbours = Array.from({ length: NEIGHBOURS }, () =>
        signedRequest(draftOf(neighbourOf(plan, random))),
      );
      for (const request of [base, ...neighbours].flatMap((it) => [it, respelled(it)])) {
        const meaning = meaningOf(request);
        for (const text of await hashedFor(request)) {
          expect([text, meanings.get(text) ?? meaning]).toEqual([text, meaning]);
          meanings.set(text, meaning);
        }
        if (meaning === meaningOf(base)) continue;
        pairs++;
        const stolen = withParameter(request, "X-Sw-Signature", () => signatureOf(base));
        expect([stolen, await outcomeOf(stolen)]).toEqual([stolen, "signature_mismatch"]);
      }
    }
    expect(pairs).toBeGreaterThan((BASES * NEIGHBOURS) / 2);
    expect(meanings.size).toBeGreaterThan(BASES);
  }, 60_000);
});

describe("a piece that moves from one place to the next", () => {
  const pairs: [string, Draft, Draft][] = [
    [
      "from the id to the target",
      { parameters: { "X-Sw-Credential": "a&X-Sw-Proxy=https://b/20261122" } },
      { parameters: { "X-Sw-Credential": "a/20261122", "X-Sw-Proxy": "https://b/20261122" } },
    ],
    [
      "from a header's value to the next header",
      { headers: { "x-a": "1 x-b:2", "x-b": "3" } },
      { headers: { "x-a": "1", "x-b": "2 x-b:3" } },
    ],
    [
      "from a header's name to its value",
      { headers: { "x-a": "b:c" } },
      { headers: { "x-a-b": "c" } },
    ],
    [
      "from the header to the body",
      { method: "POST", headers: { "x-a": "1" }, body: "2" },
      { method: "POST", headers: { "x-a": "" }, body: "1\n2" },
    ],
    ["from the method to the path", { method: "GET", path: "/a" }, { method: "GET\n/a", path: "" }],
    [
      "a plus sign and a space",
      { parameters: { "X-Sw-Proxy": "https://a.example/?q=a+b" }, dialect: "form" },
      { parameters: { "X-Sw-Proxy": "https://a.example/?q=a b" }, dialect: "form" },
    ],
    [
      "a percent sign that is meant, and one that encodes",
      { parameters: { "X-Sw-Proxy": "https://a.example/%2520" } },
      { parameters: { "X-Sw-Proxy": "https://a.example/%20" } },
    ],
  ];
  test.each(pairs)("%s", async (_, one, two) => {
    const [first, second] = [signedRequest(one), signedRequest(two)];
    const shared = new Set(await hashedFor(first)).intersection(new Set(await hashedFor(second)));
    expect([...shared]).toEqual([]);
    const stolen = withParameter(second, "X-Sw-Signature", () => signatureOf(first));
    expect(await outcomeOf(stolen)).toBe("signature_mismatch");
  });
});
