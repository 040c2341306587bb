import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { stringToSign } from "../../../../lib/signing/sw1/string_to_sign.ts";
import { verify, withParameter } from "../draft.ts";
import { publishedUrl } from "../published_urls.ts";
import { recordedSha256 } from "./recorded_sha256.ts";
import { referenceSignature } from "../reference.ts";
import { STAGES } from "../stages.ts";

describe("the stages of a signature", () => {
  test.each(STAGES)("%s by %s", async (name, sdk, lines, hash) => {
    const { request, vector, url } = publishedUrl(name, sdk);
    const { sha256, hashed } = recordedSha256();
    await verify(request, { findSecrets: () => [vector.secret], sha256 });
    expect(hashed.at(-1)?.toString()).toBe(lines.join("\n"));

    const text = `SW1-HMAC-SHA256\n20261122T090807Z\n20261122\n${hash}`;
    expect(stringToSign("20261122T090807Z", hash)).toBe(text);
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(hash);
    expect(url).toContain(referenceSignature(text, vector.secret, "20261122"));
  });
});

describe("a refused signature tells the stages that were computed", () => {
  const plain = STAGES.filter(([name]) => name !== "signed-body-non-ascii");
  test.each(plain)("%s by %s", async (name, sdk, lines, hash) => {
    const { request, vector } = publishedUrl(name, sdk);
    const wrong = withParameter(request, "X-Sw-Signature", () => "0".repeat(64));
    const refusal = verify(wrong, { findSecrets: () => [vector.secret] });
    const { body } = vector;
    const head = lines.join("\n").slice(0, body ? -body.length : undefined);
    await expect(refusal).rejects.toMatchObject({
      code: "signature_mismatch",
      details: {
        id: vector.id,
        canonicalRequest: head,
        stringToSign: `SW1-HMAC-SHA256\n20261122T090807Z\n20261122\n${hash}`,
      },
    });
  });
});
