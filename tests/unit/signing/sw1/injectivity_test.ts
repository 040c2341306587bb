import { describe, expect, test } from "bun:test";
import {
  type Draft,
  outcomeOf,
  SECRET,
  signedRequest,
  type TestRequest,
  withParameter,
} from "../draft.ts";
import { draftOf, neighbourOf, randomPlan, respelled } from "../plans.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";
import { referenceCanonical, referenceSignature, referenceText } from "../reference.ts";
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

/** Headers and a body whose signer let a client choose the value of one header. */
interface Smuggled {
  /** The names of the signed headers, but for the length. */
  names: readonly string[];
  /** The one with the chosen value. */
  chosen: string;
  /** The body that the signer signs. */
  real: string;
  /** The beginning of the body that the client sends. */
  evil: string;
}

/** What a careless signer signs for a client, and another request that has the same canonical request. */
function smuggle({ names, chosen, real, evil }: Smuggled) {
  const all = [...names, "content-length"].sort();
  const end = `\n\n${all.join(";")}\n`;
  const behind = all.slice(all.indexOf(chosen) + 1);
  const valueOf = (name: string, length: number) => (name === "content-length" ? `${length}` : "v");
  const linesOf = (length: number) =>
    behind.map((name) => `\n${name}:${valueOf(name, length)}`).join("");
  const forged = `${evil}${linesOf(Buffer.byteLength(real))}${end}${real}`;
  const value = `v${linesOf(Buffer.byteLength(forged))}${end}${evil}`;
  const headersOf = (body: string) =>
    Object.fromEntries(all.map((name) => [name, valueOf(name, Buffer.byteLength(body))]));
  const sent = behind.includes("content-length") ? forged : real;
  return {
    signed: { headers: { ...headersOf(real), [chosen]: value }, body: real },
    forged: { headers: headersOf(sent), body: forged },
  };
}

describe("a header's value with newlines that a careless signer signs for a client", () => {
  const cases = [["accept"], ["x-a"], ["accept", "x-a"], ["a", "content-type", "x-a"]].flatMap(
    (names) =>
      names.flatMap((chosen) =>
        ["", "1", "\n", "\n\n", "é 你", names.join(";")].flatMap((real) =>
          ["", "2", "\n", `{"a": [`].map((evil) => ({ names, chosen, real, evil })),
        ),
      ),
  );
  test.each(cases)("signs no other body: %j", async (smuggled) => {
    const { signed, forged } = smuggle(smuggled);
    const path = "/";
    const query = signedRequest({ method: "POST", ...signed, headers: forged.headers }).query;
    const pairs = query.split("&").filter((pair) => !pair.startsWith("X-Sw-Signature="));
    const canonicalOf = ({ headers, body }: { headers: Record<string, string>; body: string }) =>
      referenceCanonical({
        method: "POST",
        path,
        pairs,
        headers: Object.entries(headers),
        body: Buffer.from(body),
      });
    const canonical = canonicalOf(signed);
    expect(canonicalOf(forged).toString()).toBe(canonical.toString());
    const text = referenceText(canonical, "20261122T090807Z");
    const signature = referenceSignature(text, SECRET, "20261122");
    const request = {
      method: "POST",
      path,
      query: `${pairs.join("&")}&X-Sw-Signature=${signature}`,
      headers: new Headers(forged.headers),
      body: new Uint8Array(Buffer.from(forged.body)),
    };
    expect(await outcomeOf(request)).toBe("signature_mismatch");
  });

  test.each<[string, Record<string, string>, string]>([
    ["the names without an empty line before them", { "x-a": "1" }, "a\ncontent-length;x-a\nb"],
    ["the names as its first line", { "x-a": "1" }, "content-length;x-a\n\nb"],
    ["the names as its last text", { "x-a": "1" }, "a\n\ncontent-length;x-a"],
    ["the names in another order", { "x-a": "1" }, "a\n\nx-a;content-length\nb"],
    ["one of the names", { "x-a": "1" }, "a\n\ncontent-length\nb\n\nx-a\nc"],
    ["more names", { "x-a": "1" }, "a\n\naccept;content-length;x-a\nb"],
    ["the names in JSON", { "x-a": "1" }, JSON.stringify("a\n\ncontent-length;x-a\nb")],
    ["the names with CRLF", { "x-a": "1" }, "a\r\n\r\ncontent-length;x-a\r\nb"],
    ["a line of the only name", {}, "a\n\ncontent-length\nb"],
  ])("is no reason to refuse a body with %s", async (_, headers, body) => {
    expect(await outcomeOf(signedRequest({ method: "POST", headers, body }))).toBe("accepted");
  });
});
