import { describe, expect, test } from "bun:test";
import { signRequest } from "../../../../lib/signing/mod.ts";
import { HASH_NAMES, verifyRequest } from "../../../../lib/signing/verify.ts";
import { HEADER_VECTORS, type HeaderVector, requestWith } from "./header_vectors.ts";

const VECTORS = HEADER_VECTORS.map((vector) => [vector.name, vector] as const);
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const verify = (vector: HeaderVector, changed: Partial<HeaderVector> = {}): Promise<boolean> => {
  const { request, signature, secret, scheme } = { ...vector, ...changed };
  return verifyRequest(request, signature, [secret], scheme);
};

/** Fails at the first change that is accepted, by its name. */
async function expectRefused(
  vector: HeaderVector,
  changes: readonly (readonly [title: string, changed: Partial<HeaderVector>])[],
): Promise<void> {
  expect(changes.length).toBeGreaterThan(0);
  for (const [title, changed] of changes) {
    expect([title, await verify(vector, changed)]).toEqual([title, false]);
  }
}

describe("the vectors", () => {
  test("there is one for each hash function", () => {
    const hashes = new Set(HEADER_VECTORS.map(({ scheme }) => scheme.hash));
    expect([...hashes].sort()).toEqual([...HASH_NAMES].sort());
  });

  test.each(VECTORS)("signRequest makes the signature of %s", async (_, vector) => {
    expect(await signRequest(vector.request, vector.secret, vector.scheme)).toBe(vector.signature);
  });

  test.each(VECTORS)("verifyRequest accepts %s", async (_, vector) => {
    expect(await verify(vector)).toBe(true);
  });
});

describe("verifyRequest refuses a changed", () => {
  test.each(VECTORS)("field value of %s", async (_, vector) => {
    const { scheme, values } = vector;
    const changes = values.flatMap((value, i) => {
      const changed = [
        `${value}x`,
        `x${value}`,
        value.slice(1),
        value.slice(0, -1),
        `${value} x`,
        value.replace(/.$/, (last) => (last === "x" ? "y" : "x")),
        "x",
      ];
      return changed.map((other) => {
        const request = requestWith(scheme.fields, values.with(i, other));
        return [`${scheme.fields[i]}: ${other}`, { request }] as const;
      });
    });
    await expectRefused(vector, changes);
  });

  test.each(VECTORS)("delimiter of %s", async (_, vector) => {
    const others = ["", "$", "|", "\n", ":", "$$", " ", "\0", "é"];
    const changes = others
      .filter((delimiter) => delimiter !== vector.scheme.delimiter)
      .map((delimiter) => [delimiter, { scheme: { ...vector.scheme, delimiter } }] as const);
    await expectRefused(vector, changes);
  });

  test.each(VECTORS)("hash function of %s", async (_, vector) => {
    const changes = HASH_NAMES.filter((hash) => hash !== vector.scheme.hash).map(
      (hash) => [hash, { scheme: { ...vector.scheme, hash } }] as const,
    );
    await expectRefused(vector, changes);
  });

  test.each(VECTORS)("secret of %s", async (_, vector) => {
    const { secret } = vector;
    const others = [
      `${secret}x`,
      `x${secret}`,
      secret.slice(1),
      secret.toUpperCase(),
      `${secret} `,
    ];
    await expectRefused(
      vector,
      [...others, `${secret}\0`, "x"].map((other) => [other, { secret: other }]),
    );
  });

  test.each(VECTORS)("order or number of the fields of %s", async (_, vector) => {
    const { fields } = vector.scheme;
    const lists = [
      fields.toReversed(),
      fields.slice(1),
      fields.slice(0, -1),
      [...fields, fields[0]!],
      [fields[0]!, ...fields],
    ];
    const changes = lists.map(
      (list) => [list.join(), { scheme: { ...vector.scheme, fields: list } }] as const,
    );
    await expectRefused(vector, changes);
  });

  test.each(VECTORS)("character of the signature of %s", async (_, vector) => {
    const { signature } = vector;
    const digits = signature.replace(/=+$/, "").length;
    const changes = [...signature].flatMap((own, i) => {
      // Bits that padding leaves over decode to nothing: every other last digit is tried.
      const others = i === digits - 1 ? [...BASE64] : [BASE64[(BASE64.indexOf(own) + 17) % 64]!];
      return [...others, "=", "-", " ", "\0"]
        .filter((other) => other !== own)
        .map(
          (other) => [`${other} at ${i}`, { signature: replaceAt(signature, i, other) }] as const,
        );
    });
    await expectRefused(vector, changes);
  });

  test.each(VECTORS)("spelling of the signature of %s", async (_, vector) => {
    const { signature } = vector;
    const bytes = Buffer.from(signature, "base64");
    const plain = signature.replace(/=+$/, "");
    const spellings = {
      "without padding": signature.endsWith("=") ? plain : "",
      "with more padding": `${plain}${signature.slice(plain.length) || "=="}=`,
      "in the alphabet for URLs": bytes.toString("base64url"),
      "in hex": bytes.toString("hex"),
      "a blank behind": `${signature} `,
      "a blank before": ` ${signature}`,
      "a blank inside": `${signature.slice(0, 4)} ${signature.slice(4)}`,
      "a newline behind": `${signature}\n`,
      "a tab before": `\t${signature}`,
      twice: `${signature}, ${signature}`,
      "in quotes": `"${signature}"`,
      "a byte less": bytes.subarray(1).toString("base64"),
      "a byte more": Buffer.concat([bytes, Buffer.of(0)]).toString("base64"),
      "in small letters": signature.toLowerCase(),
      "another script": `${signature}é`,
      nothing: "",
      padding: "==",
    };
    const changes = Object.entries(spellings)
      .filter(([, spelling]) => spelling !== signature)
      .map(([title, spelling]) => [title, { signature: spelling }] as const);
    await expectRefused(vector, changes);
  });
});

describe("the secrets", () => {
  const vector = HEADER_VECTORS[0]!;
  const { request, signature, secret, scheme } = vector;

  test.each([
    ["the one", [secret], true],
    ["it first", [secret, "other"], true],
    ["it last", ["other", "another", secret], true],
    ["none", [], false],
    ["others", ["other", "another"], false],
    ["an empty one", [""], false],
    ["it after an empty one", ["", secret], true],
    ["it between blank ones", [" ", "\t\n", secret, ""], true],
  ])("%s", async (_, secrets, accepted) => {
    expect(await verifyRequest(request, signature, secrets, scheme)).toBe(accepted);
  });

  test.each(["", " ", "\n", " \t\u00a0"])(
    "a blank one neither signs nor verifies: %j",
    async (blank) => {
      await expect(signRequest(request, blank, scheme)).rejects.toThrow(TypeError);
      const key = new Uint8Array(Buffer.from(blank));
      const message = scheme.hmac!("sha256", key, [Buffer.from(`/users/GET${blank}`)]);
      const forged = Buffer.from(await message).toString("base64");
      expect(await verifyRequest(request, forged, [blank], scheme)).toBe(false);
    },
  );

  test("without fields none signs or verifies", async () => {
    const none = { ...scheme, fields: [] };
    await expect(signRequest(request, secret, none)).rejects.toThrow(TypeError);
    for (const secrets of [[secret], [], [""]]) {
      await expect(verifyRequest(request, signature, secrets, none)).rejects.toThrow(TypeError);
    }
  });
});

describe("the border between two fields", () => {
  const moved = requestWith(["path", "method"], ["/users/G", "ET"]);
  const plain = requestWith(["path", "method"], ["/users/", "GET"]);

  test("is signed when there is a delimiter", async () => {
    const signature = await signRequest(plain, "secret", { delimiter: "$" });
    expect(await verifyRequest(plain, signature, ["secret"], { delimiter: "$" })).toBe(true);
    expect(await verifyRequest(moved, signature, ["secret"], { delimiter: "$" })).toBe(false);
  });

  test("is not without one, as in the original", async () => {
    const signature = await signRequest(plain, "secret");
    expect(await verifyRequest(moved, signature, ["secret"])).toBe(true);
  });
});

describe("what a runtime brings with it", () => {
  const inBrowsers = ["sha1", "sha256", "sha384", "sha512"];

  test.each(VECTORS)("%s", async (_, { request, secret, scheme, signature }) => {
    const { hmac: _hmac, ...web } = scheme;
    if (inBrowsers.includes(scheme.hash)) {
      expect(await signRequest(request, secret, web)).toBe(signature);
      expect(await verifyRequest(request, signature, [secret], web)).toBe(true);
    } else {
      await expect(signRequest(request, secret, web)).rejects.toThrow(scheme.hash);
      await expect(verifyRequest(request, signature, [secret], web)).rejects.toThrow(scheme.hash);
    }
  });
});

function replaceAt(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1);
}
