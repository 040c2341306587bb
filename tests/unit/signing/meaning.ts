import type { TestRequest } from "./draft.ts";

/**
 * What a request asks for, as another parser than the one under test reads it. Two requests of the
 * same meaning may both be accepted; one of another meaning must not.
 */
export function meaningOf({ method, path, query, headers, body }: TestRequest): string {
  const parameters = [...new URLSearchParams(query)]
    .filter(([name]) => /^\s*x[-_]sw[-_]/i.test(name))
    .sort();
  const values = new Map(parameters);
  const names = (values.get("X-Sw-SignedHeaders") ?? "").split(";").filter(isToken);
  const signsBody = values.get("X-Sw-Body") === "true";
  const signed = names.map((name) =>
    // The length of a signed body is computed from it, and may be left out.
    signsBody && name === "content-length"
      ? (headers.get(name) ?? String(body.length))
      : headers.get(name),
  );
  return JSON.stringify([method, path, parameters, signed, signsBody ? [...body] : ""]);
}

function isToken(name: string): boolean {
  return /^[\w-]+$/.test(name);
}
