import { JsonError, type JsonDocument, readStrictJson } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { PolicyError } from "../problem/policy_error.ts";
import { paramOf } from "./param.ts";

/** The limits of a body under policies. */
export interface BodyLimits {
  /** The largest body, in bytes. */
  limit: number;
  /** The longest time for reading it, in milliseconds. */
  lifetime: number;
}

// RFC 6838, section 4.2.8: the suffix of types that are JSON.
const JSON_TYPE = /^application\/(?:[\w!#$&^.+-]+\+)?json$/i;
const USUAL_TYPE = "application/json";

/**
 * Reads the body of a request and parses it strictly.
 *
 * @param inbound the request, of a verified sender
 * @param limits of size and time
 * @returns `undefined` when the request has no body
 * @throws PolicyError `body_malformed`; GatewayError `body_too_large`, `request_timeout`, `request_malformed`,
 *   `policy_bodies_limit`
 */
export async function readJsonBody(
  { request, body }: InboundRequest,
  { limit, lifetime }: BodyLimits,
): Promise<JsonDocument | undefined> {
  const { length } = body;
  if (!body.isSendable || length === 0) return undefined;
  const isKnown = length !== undefined;
  if (isKnown) assertJson(request.headers);
  const bytes = await body.checkedBytes(limit, lifetime);
  if (bytes.length === 0) return undefined;
  if (!isKnown) assertJson(request.headers);
  try {
    return readStrictJson(bytes);
  } catch (error) {
    if (error instanceof JsonError) throw malformed(error.message, error.pointer);
    throw error;
  }
}

function assertJson(headers: Headers): void {
  if (headers.get("content-encoding")) throw malformed("it has a content coding");
  const written = headers.get("content-type");
  // Without a type it goes up with the usual one. Some SDKs send none.
  if (written === null || written === USUAL_TYPE) return;
  const [type = "", ...parameters] = written.split(";");
  if (!JSON_TYPE.test(type.trim())) throw malformed("its type is not application/json");
  for (const parameter of parameters) {
    if (!isAllowed(parameter)) throw malformed("its charset is not utf-8");
  }
}

/** Whether a parameter of a type is no charset, or UTF-8. A regular expression for it takes quadratic time. */
function isAllowed(parameter: string): boolean {
  const equals = parameter.indexOf("=");
  if (equals < 0 || parameter.slice(0, equals).trim().toLowerCase() !== "charset") return true;
  const value = parameter.slice(equals + 1).trim();
  return value.replaceAll('"', "").trim().toLowerCase() === "utf-8";
}

function malformed(reason: string, pointer?: string): PolicyError {
  const place = pointer === undefined ? "" : ` (at ${pointer === "" ? "the top" : "error.param"})`;
  return new PolicyError("body_malformed", {
    detail: `A policy applies to the body, and refuses it: ${reason}${place}.`,
    reason,
    ...(pointer !== undefined && { param: paramOf(pointer) }),
  });
}
