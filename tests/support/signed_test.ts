import { describe, expect, test } from "bun:test";
import vectors from "../vectors/sw1.json";
import { signedTarget } from "./signed.ts";

const PLAIN = [
  "get-bare",
  "get-query",
  "signed-header",
  "signed-body-newlines",
  "gateway-with-path",
];

describe("signedTarget signs as the published Python SDK does", () => {
  const cases = vectors.cases.filter(({ name }) => PLAIN.includes(name));
  test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    const { gateway, target, body, ...rest } = vector;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const url = signedTarget(gateway.replace(/\/?$/, "/"), target, {
      ...rest,
      ...(body === undefined ? {} : { body }),
      headers: { ...rest.headers, ...length } as Record<string, string>,
      now: new Date(vectors.signedAt),
    });
    const theirs = new URL(vector.urls.python);
    const ours = new URL(url, gateway);
    ours.searchParams.sort();
    theirs.searchParams.sort();
    expect(ours.search).toBe(theirs.search);
  });
});
