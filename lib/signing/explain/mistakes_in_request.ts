import { canonicalQuery } from "../sw1/canonical_query.ts";
import { canonicalRequest } from "../sw1/canonical_request.ts";
import { CONTENT_LENGTH } from "../sw1/signed_headers.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { ListMistakes, Mistake } from "./mistake.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

// A whole request is hashed for each. Nobody has verified it, and it may have thousands of slashes and headers.
const MOST_PREFIXES = 8;
const MOST_HEADERS = 8;

/** Mistakes with the method, the path and the headers. */
export const mistakesInRequest: ListMistakes = function* (received, { publicPath = "" }) {
  yield* mistakesInMethod(received);
  yield* mistakesInPath(received, publicPath.replace(/\/+$/, ""));
  yield* mistakesInHeaders(received);
};

function* mistakesInMethod({ method }: Hypothesis): Generator<Mistake> {
  for (const other of METHODS) {
    if (other !== method) yield ["method_differs", { method: other }, other];
  }
  yield ["method_case", { method: method.toLowerCase() }];
}

function* mistakesInPath({ path }: Hypothesis, prefix: string): Generator<Mistake> {
  const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  yield ["trailing_slash", { path: other }, other || "(empty)"];
  if (prefix) yield ["path_prefix_stripped", { path: prefix + path }, prefix + path];
  let slash = path.indexOf("/", 1);
  for (let tried = 0; slash > 0 && tried < MOST_PREFIXES; tried++) {
    const rest = path.slice(slash);
    yield ["path_prefix_added", { path: rest }, rest];
    slash = path.indexOf("/", slash + 1);
  }
}

function* mistakesInHeaders(received: Hypothesis): Generator<Mistake> {
  const { headers, body } = received;
  if (headers.has(CONTENT_LENGTH) && body) {
    const computed = new Map(headers).set(CONTENT_LENGTH, String(body.length));
    yield ["content_length_differs", { headers: computed }];
  }
  yield ["header_name_case", { canonical: withTitleCase(received) }];
  for (const [name, value] of [...headers].slice(0, MOST_HEADERS)) {
    const others = new Map([...headers].filter(([other]) => other !== name));
    yield ["header_left_out", { headers: others }, name];
    if (name === CONTENT_LENGTH) continue;
    for (const [code, text] of valueVariants(value)) {
      yield [code, { headers: new Map(headers).set(name, text) }, name];
    }
  }
}

function* valueVariants(value: string) {
  yield ["header_value_case", value.toLowerCase()] as const;
  yield ["header_whitespace", value.replace(/\s+/g, " ")] as const;
  yield ["header_whitespace", value.replace(/\s+/g, "")] as const;
  yield ["header_parameter", value.split(";", 1)[0]!.trimEnd()] as const;
  yield ["header_parameter", `${value}; charset=utf-8`] as const;
  yield ["header_parameter", `${value};charset=UTF-8`] as const;
  yield ["header_empty", ""] as const;
}

/** The canonical request with the header names in title case, as HTTP/1.1 clients often write them. */
function withTitleCase({ url, method, path, headers }: Hypothesis): string {
  const titled = [...headers].map(([name, value]) => [titleCase(name), value] as const);
  const query = canonicalQuery(url.query.raw);
  return canonicalRequest({ method, path, query, headers: new Map(titled) });
}

function titleCase(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
