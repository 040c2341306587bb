import { SECURITY_HEADERS } from "../api/responses.ts";
import assets from "./assets.json" with { type: "json" };

// Nothing of the page may come from elsewhere, and no text of the API can become HTML.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HTML = "text/html; charset=utf-8";

/** In the form to log in. */
const PLACE_OF_FAILURE = "<!-- failure -->";

const FILES: Readonly<Record<string, readonly [text: string, type: string]>> = {
  "/dashboard.css": [assets.style, "text/css; charset=utf-8"],
  "/dashboard.js": [assets.script, "text/javascript; charset=utf-8"],
};

/**
 * Returns a file of the dashboard that is no secret.
 *
 * @param pathname of the request
 */
export function fileResponse(pathname: string): Response | undefined {
  const [text, type] = (Object.hasOwn(FILES, pathname) && FILES[pathname]) || [];
  return text === undefined ? undefined : fileOf(text, type!);
}

/**
 * Returns the dashboard, or the form to log in.
 *
 * @param isOperator whether the request has a session
 */
export function pageResponse(isOperator: boolean): Response {
  return fileOf(isOperator ? assets.page : assets.login, HTML);
}

/**
 * Returns the form to log in once more.
 *
 * @param error why it failed: the response for programs, whose status and headers stay
 * @param message what it says, without markup
 */
export function failedLoginResponse(error: Response, message: string): Response {
  const alert = `<p role="alert">${message}</p>`;
  const { body, headers } = fileOf(assets.login.replace(PLACE_OF_FAILURE, alert), HTML);
  headers.forEach((value, name) => error.headers.set(name, value));
  return new Response(body, { status: error.status, headers: error.headers });
}

function fileOf(text: string, type: string): Response {
  const headers = { ...SECURITY_HEADERS, "Content-Type": type, "Content-Security-Policy": POLICY };
  return new Response(text, { headers });
}
