import {
  decodeLeniently,
  filterParameters,
  isNamed,
  spellingsOf,
  splitParameter,
} from "../../model/parameter_names.ts";
import type { InjectedParameter, UpstreamRule } from "../../model/rule.ts";

// They hold URLs, often that of the request.
const LOCATIONS = ["location", "content-location"];

// A shorter value is in many headers by chance.
const TELLING = 8;

// A value that is encoded more often than this is not looked into, and not passed on.
const MAX_ENCODINGS = 4;

/**
 * Removes the secret parameters of a rule from the headers of a response. Upstreams repeat the URL of a request in
 * `Location`, `Link` and other headers. A header that still has a secret afterwards, in whatever place, is removed.
 *
 * @param headers of the response; edited in place
 * @param rule of the target. Absent: the request was not admitted
 */
export function hideParameters(headers: Headers, rule: Pick<UpstreamRule, "query"> = {}): void {
  const { query = [] } = rule;
  if (query.length === 0) return;
  for (const name of LOCATIONS) edit(headers, name, (value) => withoutSecrets(value, query));
  // RFC 8288, section 3: each link is in angle brackets.
  edit(headers, "link", (value) =>
    value.replaceAll(/<([^<>]*)>/g, (_, url: string) => `<${withoutSecrets(url, query)}>`),
  );
  const secrets = tellingSecrets(query);
  for (const [name, value] of [...headers]) if (holds(value, secrets)) headers.delete(name);
}

/**
 * The `X-Request-Id` of a response, for the record.
 *
 * @param headers of the response
 * @param rule of the target
 * @returns `null` if there is none, or it has a secret parameter of the rule
 */
export function upstreamRequestId(
  headers: Headers,
  { query = [] }: Pick<UpstreamRule, "query">,
): string | null {
  const id = headers.get("x-request-id");
  return id !== null && holds(id, tellingSecrets(query)) ? null : id;
}

function tellingSecrets(query: readonly InjectedParameter[]): string[] {
  return query.flatMap(([, value]) =>
    value.length < TELLING ? [] : [value.toLowerCase(), latin1(value).toLowerCase()],
  );
}

function edit(headers: Headers, name: string, change: (value: string) => string): void {
  const value = headers.get(name);
  if (value === null) return;
  const changed = change(value);
  if (changed !== value) headers.set(name, changed);
}

function withoutSecrets(url: string, injected: readonly InjectedParameter[]): string {
  const [, path = "", query, fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(.*)$/s.exec(url) ?? [];
  if (query === undefined) return url;
  const left = filterParameters(query, (parameter) => {
    const values = decodings(splitParameter(parameter)[1].toLowerCase());
    return !injected.some(
      ([name, secret]) =>
        values.includes(secret.toLowerCase()) && isNamed(parameter, spellingsOf(name)),
    );
  });
  if (left === query) return url;
  return `${path}${left === "" ? "" : "?"}${left}${fragment}`;
}

/** Whether a text has one of the secrets, in any case, percent-encoded or not. */
function holds(value: string, secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false;
  let texts = [value.toLowerCase()];
  for (let encodings = 0; encodings <= MAX_ENCODINGS; encodings++) {
    if (texts.some((text) => secrets.some((secret) => text.includes(secret)))) return true;
    const decoded = [...new Set(texts.flatMap(decodings).map((text) => text.toLowerCase()))];
    if (decoded.every((text) => texts.includes(text))) return false;
    texts = decoded;
  }
  return true;
}

/** A text as a form is decoded, and as a path is, where `+` is no space. */
function decodings(text: string): string[] {
  return [decodeLeniently(text), decodeLeniently(text.replaceAll("+", "%2B"))];
}

/** How the bytes of a text in UTF-8 look in the value of a header. */
function latin1(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
