import { hmac } from "../../../../lib/runtime/crypto/hmac.ts";
import type { FieldSource, HashName, HeaderScheme } from "../../../../lib/signing/verify.ts";
import file from "../../../vectors/sasigning.json";

/** One example of the header scheme, as a request. */
export interface HeaderVector {
  name: string;
  request: FieldSource;
  secret: string;
  scheme: HeaderScheme & { fields: string[]; delimiter: string; hash: HashName };
  /** The fields' values, in their order. */
  values: string[];
  signature: string;
}

/** The examples of `vectors/sasigning.json`, which Python's hmac and hashlib computed. */
export const HEADER_VECTORS: readonly HeaderVector[] = file.cases.map(
  ({ name, secret, fields, values, delimiter, hash, signature }) => ({
    name,
    request: requestWith(fields, values),
    secret,
    scheme: { fields, delimiter, hash: hash as HashName, hmac },
    values,
    signature,
  }),
);

/** A request whose fields have these values, and that lacks all others but path and method. */
export function requestWith(fields: readonly string[], values: readonly string[]): FieldSource {
  const request: FieldSource & { headers: Headers } = {
    method: "GET",
    path: "/",
    headers: new Headers(),
  };
  for (const [i, field] of fields.entries()) set(request, field, values[i]!);
  return request;
}

function set(request: FieldSource & { headers: Headers }, field: string, value: string): void {
  if (field === "path" || field === "method") request[field] = value;
  else if (field === "QUERY_STRING") request.query = value;
  else if (field === "body") request.body = new TextEncoder().encode(value);
  else if (field.startsWith("HTTP_")) {
    request.headers.set(field.slice("HTTP_".length).replaceAll("_", "-"), value);
  } else throw new TypeError(`no vector has had the field ${field} before`);
}
