import type { ApiSources } from "../sources.ts";
import { assertOwnOrigin, Authentication, type Caller } from "./authentication.ts";
import { dispatch } from "./dispatch.ts";
import { ApiError } from "./endpoint.ts";
import { eventsResponse } from "./events.ts";
import { describeAll } from "./usage_endpoints.ts";
import { failedLoginResponse, fileResponse, pageResponse } from "../page/page.ts";
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
  if (pathname === "/") return page(request, authentication);
  if (!pathname.startsWith("/api/")) return file(pathname);
  authentication.assertOperator(caller);
  if (pathname === "/api/events") return events(caller, authentication, sources);
  return dispatch(request, sources);
}

function page(request: Request, authentication: Authentication): Response {
  assertMethod(request, "GET");
  return pageResponse(authentication.hasSession(request));
}

function file(pathname: string): Response {
  const found = fileResponse(pathname);
  if (!found) throw new ApiError("not_found");
  return found;
}

// A page that has the last hour needs only what has changed since.
const NEWEST = 3;

function events(caller: Caller, authentication: Authentication, sources: ApiSources): Response {
  const { request } = caller;
  assertMethod(request, "GET");
  const hasToken = request.headers.has("authorization");
  const next = async () => {
    // A session may have ended meanwhile.
    if (!hasToken && !authentication.hasSession(request)) return undefined;
    const { last_hour, ...overview } = await describeAll(sources);
    return { ...overview, last_hour: last_hour.slice(-NEWEST) };
  };
  return eventsResponse(next, request.signal);
}

async function logIn(
  { request, address }: Caller,
  authentication: Authentication,
): Promise<Response> {
  assertPost(request);
  const form = new URLSearchParams(await readBody(request));
  try {
    authentication.assertToken(form.get("token") ?? "", address);
  } catch (error) {
    // A person in front of a browser needs the form again.
    if (!(error instanceof ApiError) || !acceptsHtml(request)) throw error;
    return failedLoginResponse(errorResponse(error), loginFailure(error));
  }
  return seeOther(authentication.beginSession(request));
}

function acceptsHtml({ headers }: Request): boolean {
  return headers.get("accept")?.includes("text/html") === true;
}

function loginFailure({ code, reason }: ApiError): string {
  if (code !== "too_many_tries") return "The admin token is wrong.";
  return `There were too many wrong tokens from this address. Try again in ${reason} s.`;
}

function logOut(request: Request, authentication: Authentication): Response {
  assertPost(request);
  return seeOther(authentication.endSession(request));
}

function assertPost(request: Request): void {
  assertMethod(request, "POST");
  assertOwnOrigin(request);
}

function assertMethod({ method }: Request, allowed: "GET" | "POST"): void {
  if (method !== allowed) throw new ApiError("method_not_allowed", allowed);
}

function seeOther(cookie: string): Response {
  const headers = { ...SECURITY_HEADERS, Location: "/", "Set-Cookie": cookie };
  return new Response(null, { status: 303, headers });
}
