import { describe, expect, test } from "bun:test";
import { outcomeOf, type TestRequest, withParameter } from "../draft.ts";
import { PUBLISHED_URLS, type PublishedUrl } from "../published_urls.ts";

const TABLE = PUBLISHED_URLS.map((it) => [it.title, it] as const);

/** Another value for each parameter that is as good as the signed one, so that the signature decides. */
const OTHER_VALUES: Record<string, (raw: string) => string> = {
  "X-Sw-Credential": (raw) => `x${raw}`,
  "X-Sw-Date": (raw) => raw.replace("090807", "090808"),
  "X-Sw-Expires": (raw) => (raw === "604800" ? "604799" : String(Number(raw) + 1)),
  "X-Sw-Proxy": (raw) => `${raw}x`,
  "X-Sw-Body": (raw) => (raw === "true" ? "false" : "true"),
  "X-Sw-SignedHeaders": (raw) => (raw === "" ? "x-more" : `${raw}%3Bx-more`),
};

const NAMES = [...Object.keys(OTHER_VALUES), "X-Sw-Algorithm", "X-Sw-Signature"];

const refusalOf = (request: TestRequest, { vector }: PublishedUrl) =>
  outcomeOf(request, { findSecrets: () => [vector.secret] });

describe("verifyUrl refuses a published URL with one parameter changed", () => {
  test.each(TABLE)("%s", async (_, it) => {
    const headers = new Headers([...(it.request.headers as Headers), ["x-more", "more"]]);
    for (const [name, change] of Object.entries(OTHER_VALUES)) {
      const changed = withParameter({ ...it.request, headers }, name, change);
      const outcome = await refusalOf(changed, it);
      expect([name, outcome]).toEqual([name, "signature_mismatch"]);
    }
  });
});

describe("verifyUrl refuses a published URL with one signed header left out or moved", () => {
  const several = TABLE.filter(([, { request }]) => /SignedHeaders=[^&]*%3B/.test(request.query));
  test.each(several)("%s", async (_, it) => {
    const orders = [
      (raw: string) => raw.split("%3B").slice(1).join("%3B"),
      (raw: string) => raw.split("%3B").slice(0, -1).join("%3B"),
      (raw: string) => raw.split("%3B").reverse().join("%3B"),
    ];
    for (const change of orders) {
      const changed = withParameter(it.request, "X-Sw-SignedHeaders", change);
      expect(await refusalOf(changed, it)).toBe("signature_mismatch");
    }
  });
});

describe("verifyUrl refuses a published URL with one parameter removed or doubled", () => {
  test.each(TABLE)("%s", async (_, it) => {
    for (const name of NAMES) {
      const removed = withParameter(it.request, name, () => undefined);
      const missing = name === "X-Sw-Signature" ? "signature_missing" : "parameter_missing";
      expect([name, await refusalOf(removed, it)]).toEqual([name, missing]);
      const doubled = withParameter(it.request, name, (raw) => `${raw}&${name}=${raw}`);
      expect([name, await refusalOf(doubled, it)]).toEqual([name, "parameter_repeated"]);
    }
  });
});

describe("verifyUrl refuses a published URL with one character more or less in a parameter", () => {
  test.each(TABLE)("%s", async (_, it) => {
    for (const name of NAMES) {
      for (const change of [
        cutFirst,
        cutLast,
        (raw: string) => `${raw}0`,
        (raw: string) => `0${raw}`,
      ]) {
        const changed = withParameter(it.request, name, change);
        if (changed.query === it.request.query) continue;
        const outcome = await refusalOf(changed, it);
        expect([changed.query, outcome]).not.toEqual([changed.query, "accepted"]);
      }
    }
  });
});

function cutFirst(raw: string): string {
  return raw.slice(1);
}

function cutLast(raw: string): string {
  return raw.slice(0, -1);
}
