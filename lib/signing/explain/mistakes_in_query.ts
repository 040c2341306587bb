import { encodeRfc3986 } from "../primitives/encoding.ts";
import { canonicalQuery } from "../sw1/canonical_query.ts";
import { canonicalRequest } from "../sw1/canonical_request.ts";
import {
  formatQuery,
  mapParameters,
  type ParameterName,
  SIGNATURE_PARAMETER,
} from "../sw1/parameters.ts";
import type { PresignedUrl } from "../sw1/presigned_url.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { ListMistakes, Mistake, OtherApp } from "./mistake.ts";
import { decodeOnce, targetVariants } from "./target_variants.ts";

/** Common lifetimes of signed URLs, in seconds. */
const USUAL_EXPIRES = [10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 86_400, 604_800];

/** Mistakes with the parameters and their encoding. */
export const mistakesInQuery: ListMistakes = function* (received, context) {
  const { others = [], unrelatedQuery } = context;
  yield* mistakesInEncoding(received);
  yield* mistakesInTarget(received.url, unrelatedQuery);
  yield* mistakesInParameters(received, others);
};

function* mistakesInEncoding({ url, method, path, headers }: Hypothesis): Generator<Mistake> {
  const { raw, decoded } = url.query;
  const withQuery = (query: string) => ({
    canonical: canonicalRequest({ method, path, query, headers }),
  });
  const withEncoding = (encode: (text: string) => string) =>
    withQuery(canonicalQuery(mapParameters(decoded, encode)));
  yield ["encoding_absent", withEncoding((text) => text)];
  yield ["encoding_double", withEncoding((text) => encodeRfc3986(encodeRfc3986(text)))];
  yield ["encoding_lower_case", withEncoding((text) => lowerCaseEscapes(encodeRfc3986(text)))];
  yield ["encoding_of_path", withEncoding(encodeURI)];
  yield ["encoding_of_path", withEncoding((text) => encodeRfc3986(text).replaceAll("%2F", "/"))];
  const names = Object.keys(raw) as ParameterName[];
  const signed = names.filter((name) => name !== SIGNATURE_PARAMETER);
  yield ["parameters_unsorted", withQuery(formatQuery(signed, raw))];
}

function* mistakesInTarget(url: PresignedUrl, unrelatedQuery?: string): Generator<Mistake> {
  const withTarget = (target: string) => ({ url: withParameter(url, "X-Sw-Proxy", target) });
  const target = url.upstream;
  for (const rest of unrelatedQuery ? [unrelatedQuery, decodeOnce(unrelatedQuery)] : []) {
    yield ["target_cut", withTarget(`${target}&${rest}`)];
  }
  if (!URL.canParse(target)) return;
  for (const [code, variant] of targetVariants(target)) yield [code, withTarget(variant)];
}

function* mistakesInParameters(
  { url, scope, secrets, body }: Hypothesis,
  others: readonly OtherApp[],
): Generator<Mistake> {
  for (const expires of USUAL_EXPIRES.map(String)) {
    yield ["expires_changed", { url: withParameter(url, "X-Sw-Expires", expires) }, expires];
  }
  for (const other of others) {
    const change = {
      url: withParameter(url, "X-Sw-Credential", `${other.id}/${scope}`),
      secrets: [...other.secrets, ...secrets],
    };
    yield ["id_swapped", change, other.id];
  }
  const swapped = withParameter(url, "X-Sw-Body", String(!url.signedBody));
  yield ["body_flag_changed", { url: swapped, body: url.signedBody ? undefined : body }];
}

/** The same URL with another value of one parameter, as a signer would have encoded it. */
function withParameter(url: PresignedUrl, name: ParameterName, value: string): PresignedUrl {
  const { raw, decoded } = url.query;
  return {
    ...url,
    query: {
      raw: { ...raw, [name]: encodeRfc3986(value) },
      decoded: { ...decoded, [name]: value },
    },
  };
}

function lowerCaseEscapes(text: string): string {
  return text.replace(/%../g, (escape) => escape.toLowerCase());
}
