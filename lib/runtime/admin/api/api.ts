import type { ApiSources } from "../sources.ts";
import { assertOwnOrigin, Authentication, type Caller } from "./authentication.ts";
import { dispatch } from "./dispatch.ts";
import { ApiError } from "./endpoint.ts";
import { readBody } from "./read_body.ts";
import { errorResponse, SECURITY_HEADERS } from "./responses.ts";

/** Answers a request to the admin API. */
export type AdminApi = (caller: Caller) => Promise<Response>;

/**
 * Creates the admin API.
 *
 * @param sources of its answers
 * @returns a function that never throws
 */
export function createApi(sources: ApiSources): AdminApi {
  const authentication = new Authentication(sources.token, sources.now);
  return async (caller) => {
    try {
      return await respondTo(caller, authentication, sources);
    } catch (error) {
      return errorResponse(error);
    }
  };
}

async function respondTo(
  caller: Caller,
  authentication: Authentication,
  sources: ApiSources,
): Promise<Response> {
  const { request } = caller;
  const { pathname } = new URL(request.url);
  if (pathname === "/login") return logIn(caller, authentication);
  if (pathname === "/logout") return logOut(request, authentication);
  if (!pathname.startsWith("/api/")) throw new ApiError("not_found");
  authentication.assertOperator(caller);
  return dispatch(request, sources);
}

async function logIn(
  { request, address }: Caller,
  authentication: Authentication,
): Promise<Response> {
  assertPost(request);
  const form = new URLSearchParams(await readBody(request));
  authentication.assertToken(form.get("token") ?? "", address);
  return seeOther(authentication.beginSession());
}

function logOut(request: Request, authentication: Authentication): Response {
  assertPost(request);
  return seeOther(authentication.endSession(request));
}

function assertPost(request: Request): void {
  if (request.method !== "POST") throw new ApiError("method_not_allowed", "POST");
  assertOwnOrigin(request);
}

function seeOther(cookie: string): Response {
  const headers = { ...SECURITY_HEADERS, Location: "/", "Set-Cookie": cookie };
  return new Response(null, { status: 303, headers });
}
