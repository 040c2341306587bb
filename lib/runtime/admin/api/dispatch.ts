import type { z } from "zod";
import type { ApiSources } from "../sources.ts";
import { ApiError, type ApiInput, type Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { readBody } from "./read_body.ts";
import { jsonResponse } from "./responses.ts";

/**
 * Answers a request to the API, which is an operator's.
 *
 * @param request below `/api/`
 * @param sources of the answers
 * @throws ApiError
 */
export async function dispatch(request: Request, sources: ApiSources): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const { endpoint, id } = find(request.method, pathname);
  const query = parse(endpoint.query, queryOf(searchParams), "query") as ApiInput["query"];
  const body = endpoint.body && parse(endpoint.body, await bodyOf(request), "body");
  const answer = await endpoint.handle(sources, { query, body, id });
  return jsonResponse(answer, endpoint.status);
}

function find(method: string, pathname: string): { endpoint: Endpoint; id: string } {
  const here = ENDPOINTS.flatMap((endpoint) => {
    const [prefix = "", parameter] = endpoint.path.split(/\{.*\}/);
    if (parameter === undefined) return pathname === prefix ? [{ endpoint, id: "" }] : [];
    const rest = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : "";
    return rest === "" || rest.includes("/") ? [] : [{ endpoint, id: decoded(rest) }];
  });
  if (here.length === 0) throw new ApiError("not_found");
  const found = here.find(({ endpoint }) => endpoint.method === method);
  if (found) return found;
  const allowed = here.map(({ endpoint }) => endpoint.method).join(", ");
  throw new ApiError("method_not_allowed", allowed);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError("not_found");
  }
}

function queryOf(parameters: URLSearchParams): Record<string, string> {
  const names = [...parameters.keys()];
  if (new Set(names).size < names.length) {
    throw new ApiError("request_malformed", "query: a parameter is repeated");
  }
  return Object.fromEntries(parameters);
}

async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  // A page of another origin may send other types without asking.
  if (!/^application\/json *(;|$)/i.test(type)) throw new ApiError("media_type_unsupported");
  const text = await readBody(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("request_malformed", "body: is no JSON");
  }
}

function parse(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (!schema) {
    if (Object.keys(value as object).length > 0) {
      throw new ApiError("request_malformed", `${place}: has no parameters here`);
    }
    return {};
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  // The names and values of a request are not repeated.
  const where = issue?.code === "unrecognized_keys" ? [] : (issue?.path ?? []);
  throw new ApiError("request_malformed", `${[place, ...where].join(".")}: is not as documented`);
}
