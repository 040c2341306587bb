import { canonicalQuery } from "../sw1/canonical_query.ts";
import { canonicalRequest } from "../sw1/canonical_request.ts";
import { encodeRfc3986 } from "../primitives/encoding.ts";
import type { Mistakes } from "./mistake.ts";
import { mapParameters, type ParameterName, type Parameters } from "../sw1/parameters.ts";

const LIVES = [10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 86_400, 604_800];

/** What goes wrong with the parameters and their encoding. */
export const mistakesInQuery: Mistakes = function* (attempt, { others = [], foreign }) {
  const { url, method, path, headers } = attempt;
  const { raw, decoded } = url.query;
  const written = (query: string) => ({
    canonical: canonicalRequest({ method, path, query, headers }),
  });
  const encoded = (encode: (text: string) => string) =>
    written(canonicalQuery(mapParameters(decoded, encode)));
  yield ["encoding_absent", encoded((text) => text)];
  yield ["encoding_double", encoded((text) => encodeRfc3986(encodeRfc3986(text)))];
  yield ["encoding_lower_case", encoded((text) => lowerHex(encodeRfc3986(text)))];
  yield ["encoding_of_path", encoded(encodeURI)];
  yield ["encoding_of_path", encoded((text) => encodeRfc3986(text).replaceAll("%2F", "/"))];
  const inOrder = Object.entries(raw).filter(([name]) => name !== "X-Sw-Signature");
  yield ["parameters_unsorted", written(inOrder.map((pair) => pair.join("=")).join("&"))];

  const set = (name: ParameterName, value: string) => ({
    url: { ...url, query: replaced(url.query, name, value) },
  });
  const target = url.upstream;
  for (const rest of foreign ? [foreign, decodedOnce(foreign)] : []) {
    yield ["target_cut", set("X-Sw-Proxy", `${target}&${rest}`)];
  }
  for (const [code, other] of targets(target)) yield [code, set("X-Sw-Proxy", other)];
  for (const seconds of LIVES) {
    yield ["expires_changed", set("X-Sw-Expires", String(seconds)), String(seconds)];
  }
  for (const { id, secrets } of others) {
    const credential = set("X-Sw-Credential", `${id}/${attempt.scope}`);
    yield ["id_swapped", { ...credential, secrets: [...secrets, ...attempt.secrets] }, id];
  }
  const announced = set("X-Sw-Body", String(!url.signedBody));
  yield ["body_flag_changed", { ...announced, body: url.signedBody ? undefined : attempt.body }];
};

function* targets(target: string) {
  const parsed = new URL(target);
  const rest = target.replace(/^[^:]+:\/\/[^/?#]*/, "");
  const authority = target.slice(target.indexOf("//") + 2, target.length - rest.length);
  const { protocol } = parsed;
  const other = protocol === "https:" ? "http:" : "https:";
  yield ["target_scheme", `${other}//${authority}${rest}`] as const;
  const port = protocol === "https:" ? ":443" : ":80";
  const bare = authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
  yield ["target_default_port", `${protocol}//${bare}${rest}`] as const;
  yield ["target_default_port", `${protocol}//${bare}${port}${rest}`] as const;
  const [, path = "", query = ""] = /^([^?#]*)(.*)$/s.exec(rest) ?? [];
  const slashed = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  yield ["target_slash", `${protocol}//${authority}${slashed}${query}`] as const;
  yield ["target_normalised", parsed.href] as const;
  yield ["target_normalised", `${protocol}//${authority.toLowerCase()}${rest}`] as const;
  yield ["encoding_plus", target.replaceAll("+", " ")] as const;
  yield ["encoding_plus", target.replaceAll(" ", "+")] as const;
  yield ["encoding_plus", target.replaceAll("%20", "+")] as const;
  yield ["encoding_plus", target.replaceAll("+", "%20")] as const;
  yield ["encoding_double", decodedOnce(target)] as const;
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function replaced(
  { raw, decoded }: { raw: Parameters; decoded: Parameters },
  name: ParameterName,
  value: string,
) {
  return {
    raw: { ...raw, [name]: encodeRfc3986(value) },
    decoded: { ...decoded, [name]: value },
  };
}

function lowerHex(text: string): string {
  return text.replace(/%../g, (code) => code.toLowerCase());
}
