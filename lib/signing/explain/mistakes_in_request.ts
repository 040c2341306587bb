import { canonicalQuery } from "../sw1/canonical_query.ts";
import { canonicalRequest } from "../sw1/canonical_request.ts";
import type { Mistakes } from "./mistake.ts";
import { CONTENT_LENGTH } from "../sw1/signed_headers.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** What goes wrong with the method, the path and the headers. */
export const mistakesInRequest: Mistakes = function* (attempt, { publicPath = "" }) {
  const { url, method, path, headers } = attempt;
  for (const other of METHODS) {
    if (other !== method) yield ["method_differs", { method: other }, other];
  }
  yield ["method_case", { method: method.toLowerCase() }];

  const slashed = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  yield ["trailing_slash", { path: slashed }, slashed || "(empty)"];
  const prefix = publicPath.replace(/\/+$/, "");
  if (prefix) yield ["path_prefix_stripped", { path: prefix + path }, prefix + path];
  for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1)) {
    yield ["path_prefix_added", { path: path.slice(at) }, path.slice(at)];
  }

  const query = canonicalQuery(url.query.raw);
  const changed = (change: (name: string, value: string) => [string, string]) => ({
    canonical: canonicalRequest({
      method,
      path,
      query,
      headers: new Map([...headers].map(([name, value]) => change(name, value))),
    }),
  });
  if (headers.has(CONTENT_LENGTH) && attempt.body) {
    const computed = new Map(headers).set(CONTENT_LENGTH, String(attempt.body.length));
    yield ["content_length_differs", { headers: computed }];
  }
  yield ["header_name_case", changed((name, value) => [titleCase(name), value])];
  for (const [name, value] of headers) {
    const others = new Map([...headers].filter(([other]) => other !== name));
    yield ["header_left_out", { headers: others }, name];
    if (name === CONTENT_LENGTH) continue;
    const rewritten = (text: string) => ({ headers: new Map(headers).set(name, text) });
    yield ["header_value_case", rewritten(value.toLowerCase()), name];
    yield ["header_whitespace", rewritten(value.replace(/\s+/g, " ")), name];
    yield ["header_whitespace", rewritten(value.replace(/\s+/g, "")), name];
    yield ["header_parameter", rewritten(value.replace(/\s*;.*/s, "")), name];
    yield ["header_parameter", rewritten(`${value}; charset=utf-8`), name];
    yield ["header_parameter", rewritten(`${value};charset=UTF-8`), name];
    yield ["header_empty", rewritten(""), name];
  }
};

function titleCase(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
