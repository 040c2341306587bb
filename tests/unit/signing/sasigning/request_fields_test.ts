import { describe, expect, test } from "bun:test";
import { signRequest } from "../../../../lib/signing/mod.ts";
import {
  FIELD_NAMES,
  type FieldSource,
  fieldValue,
  isFieldName,
  verifyRequest,
} from "../../../../lib/signing/verify.ts";

const REQUEST: FieldSource = {
  method: "post",
  path: "/api/users/é",
  pathInfo: "/users/é",
  query: "q=a%20b&page=2",
  scheme: "https",
  remoteAddress: "192.0.2.7",
  serverName: "gateway.test",
  body: new TextEncoder().encode('{"a": 1}'),
  headers: new Headers({
    Host: "gateway.test:8443",
    "Content-Type": "Application/JSON ; charset=utf-8",
    "Content-Length": "8",
    "X-Timestamp": "1795326723",
    "X-Three-Part-Name": "yes",
  }),
};

/** The value of each field of the request above, what lacks it, and what has it empty. */
const FIELDS: [field: string, value: string, lacking: object, empty: object][] = [
  ["path", "/api/users/é", {}, { path: "" }],
  ["path_info", "/users/é", {}, { pathInfo: "" }],
  ["method", "POST", {}, { method: "" }],
  ["scheme", "https", { scheme: undefined }, { scheme: "" }],
  ["body", '{"a": 1}', { body: undefined }, { body: new Uint8Array() }],
  ["content_type", "application/json", without("content-type"), withValue("content-type", "")],
  ["QUERY_STRING", "q=a%20b&page=2", { query: undefined }, { query: "" }],
  ["REMOTE_ADDR", "192.0.2.7", { remoteAddress: undefined }, { remoteAddress: "" }],
  ["SERVER_NAME", "gateway.test", { serverName: undefined }, { serverName: "" }],
  [
    "CONTENT_TYPE",
    "Application/JSON ; charset=utf-8",
    without("content-type"),
    withValue("content-type", ""),
  ],
  ["CONTENT_LENGTH", "8", without("content-length"), withValue("content-length", "")],
  ["REQUEST_METHOD", "POST", {}, { method: "" }],
  ["PATH_INFO", "/users/é", {}, { pathInfo: "" }],
  ["HTTP_HOST", "gateway.test:8443", without("host"), withValue("host", "")],
  ["HTTP_X_TIMESTAMP", "1795326723", without("x-timestamp"), withValue("x-timestamp", "")],
  [
    "HTTP_X_THREE_PART_NAME",
    "yes",
    without("x-three-part-name"),
    withValue("x-three-part-name", " "),
  ],
];

test("the table has every field", () => {
  const names = FIELDS.map(([field]) => field).filter((field) => !field.startsWith("HTTP_"));
  expect(names.sort()).toEqual([...FIELD_NAMES].sort());
});

describe("fieldValue", () => {
  test.each(FIELDS)("of %s is %s", (field, value) => {
    const found = fieldValue(field, REQUEST);
    expect(typeof found === "string" ? found : new TextDecoder().decode(found)).toBe(value);
  });

  test("a body is bytes that need not be text", () => {
    const body = Uint8Array.of(0, 0xff, 0xc3, 0x28);
    expect(fieldValue("body", { ...REQUEST, body })).toEqual(body);
  });

  test("path_info is the path when there is no mount point", () => {
    const { pathInfo: _, ...request } = REQUEST;
    expect(fieldValue("path_info", request)).toBe("/api/users/é");
    expect(fieldValue("PATH_INFO", request)).toBe("/api/users/é");
  });
});

describe("a field that the request lacks, or has empty, refuses", () => {
  const cases = FIELDS.flatMap(([field, , lacking, empty]) => [
    ...(Object.keys(lacking).length > 0 ? [[field, "lacking", lacking] as const] : []),
    [field, "empty", empty] as const,
  ]);

  test.each(cases)("%s, %s", async (field, _, change) => {
    const scheme = { fields: ["path", field, "method"], delimiter: "$" };
    const signature = await signRequest(REQUEST, "secret", scheme);
    expect(await verifyRequest(REQUEST, signature, ["secret"], scheme)).toBe(true);

    const request = { ...REQUEST, ...change } as FieldSource;
    expect(fieldValue(field, request)).toBeUndefined();
    expect(await verifyRequest(request, signature, ["secret"], scheme)).toBe(false);
    await expect(signRequest(request, "secret", scheme)).rejects.toThrow(TypeError);
    // Nor is it left out of the message.
    const others = { ...scheme, fields: scheme.fields.filter((other) => other !== field) };
    if (others.fields.every((other) => fieldValue(other, request) !== undefined)) {
      const short = await signRequest(request, "secret", others);
      expect(await verifyRequest(request, short, ["secret"], scheme)).toBe(false);
    }
  });
});

describe("isFieldName", () => {
  test.each(FIELDS.map(([field]) => field))("%s", (field) => expect(isFieldName(field)).toBe(true));

  test.each([
    ...["", " ", "Path", "PATH", "paths", "get_full_path", "META", "GET", "headers", "user"],
    ...["HTTP_", "HTTP_x", "http_host", "HTTP-HOST", "HTTP_A-B", "HTTP_A B", "XHTTP_A", "HTTP_É"],
    ...["toString", "constructor", "__proto__", "hasOwnProperty", "path ", "HTTP_HOST\n"],
  ])("not %j", async (name) => {
    expect(isFieldName(name)).toBe(false);
    expect(() => fieldValue(name, REQUEST)).toThrow(TypeError);
    await expect(signRequest(REQUEST, "secret", { fields: [name] })).rejects.toThrow(TypeError);
  });
});

function without(name: string): Partial<FieldSource> {
  const headers = copyOfHeaders();
  headers.delete(name);
  return { headers };
}

function withValue(name: string, value: string): Partial<FieldSource> {
  const headers = copyOfHeaders();
  headers.set(name, value);
  return { headers };
}

function copyOfHeaders(): Headers {
  return new Headers([...(REQUEST.headers as Headers)]);
}
