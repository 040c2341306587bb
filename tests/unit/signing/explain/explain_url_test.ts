import { describe, expect, test } from "bun:test";
import { type ExplainOptions, explainUrl } from "../../../../lib/signing/explain.ts";
import { type SignOptions, signUrl } from "../../../../lib/signing/mod.ts";
import { SECRET, SIGNED_AT } from "../draft.ts";
import { PUBLISHED_URLS } from "../published_urls.ts";
import { referenceSignature, referenceText } from "../reference.ts";

const NOW = new Date(SIGNED_AT);
const TARGET = "https://api.example.com/v1/chat?a=b c&d=(e)";
const JSON_BODY = '{"model":"m","text":"Qué 你好"}';
const base = { gateway: "https://edge.example.net", id: "web", secret: SECRET, now: NOW };
const post = (body: string) => ({ ...base, method: "POST", body });

type Signing = Omit<Partial<SignOptions>, "headers"> & {
  headers?: Readonly<Record<string, string>>;
};

/** A URL, signed with `signing`, explained for the request of `options`. */
async function explained(signing: Signing, options: ExplainOptions, change = (url: string) => url) {
  const url = change(await signUrl(TARGET, { ...base, ...signing }));
  return explainUrl(url, { secrets: [SECRET], now: NOW, ...options });
}

/** A URL whose signer wrote its canonical request, key or day in a way of its own. */
async function oddlySigned(
  signing: Signing,
  canonicalOf: (canonical: string) => string,
  scope = "20261122",
) {
  const url = await signUrl(TARGET, { ...base, ...signing });
  const { canonicalRequest = "" } = await explainUrl(url, {
    ...signing,
    headers: { ...signing.headers },
    body: signing.body as string,
    now: NOW,
  });
  const text = referenceText(Buffer.from(canonicalOf(canonicalRequest)), "20261122T090807Z")
    .split("\n")
    .with(2, scope)
    .join("\n");
  const signature = referenceSignature(text, SECRET, scope);
  return url.replace(/[0-9a-f]{64}$/, signature);
}

const X = { headers: { "x-a": "One  Two" } };
const query = (text: (query: string) => string) => (canonical: string) =>
  canonical
    .split("\n")
    .map((line, i) => (i === 2 ? text(line) : line))
    .join("\n");
const set = (name: string, value: string) => (url: string) =>
  url.replace(new RegExp(`${name}=[^&]*`), `${name}=${value}`);

const CHANGED: [string, Signing, ExplainOptions, ((url: string) => string)?][] = [
  ["method_differs", { method: "PUT" }, { method: "POST" }],
  ["path_prefix_added", {}, {}, (url) => url.replace("net/?", "net/edge/?")],
  [
    "path_prefix_stripped",
    { gateway: "https://edge.example.net/in" },
    { publicPath: "/in/" },
    (url) => url.replace("/in/?", "/?"),
  ],
  ["header_value_case", { headers: { "x-a": "one" } }, { headers: { "X-A": "One" } }],
  ["header_whitespace", { headers: { "x-a": "a b" } }, { headers: { "x-a": "a  b" } }],
  [
    "header_parameter",
    { headers: { accept: "text/plain" } },
    { headers: { accept: "text/plain; charset=utf-8" } },
  ],
  ["header_empty", { headers: { "x-a": "" } }, { headers: { "x-a": "1" } }],
  ["signed_header_missing", X, {}],
  ["body_absent", post(""), { method: "POST", body: "x" }],
  ["body_newline", post("x\n"), { method: "POST", body: "x" }],
  ["body_newline", post("x"), { method: "POST", body: "x\r\n" }],
  ["body_whitespace", post("x"), { method: "POST", body: "  x " }],
  ["body_line_ends", post("a\nb"), { method: "POST", body: "a\r\nb" }],
  ["body_byte_order_mark", post("x"), { method: "POST", body: "\ufeffx" }],
  [
    "body_json",
    post('{"model": "m", "text": "Qu\\u00e9 \\u4f60\\u597d"}'),
    { method: "POST", body: JSON_BODY },
  ],
  [
    "body_json",
    post(JSON_BODY),
    { method: "POST", body: JSON.stringify(JSON.parse(JSON_BODY), null, 2) },
  ],
  [
    "content_length_differs",
    post("x"),
    { method: "POST", body: "x", headers: { "content-length": "7" } },
  ],
  ["body_flag_changed", {}, {}, set("X-Sw-Body", "true")],
  ["expires_changed", { expires: 60 }, {}, set("X-Sw-Expires", "90000")],
  ["target_scheme", {}, {}, (url) => url.replace("X-Sw-Proxy=https", "X-Sw-Proxy=http")],
  ["target_default_port", {}, {}, (url) => url.replace("api.example.com", "api.example.com%3A443")],
  ["target_slash", {}, {}, (url) => url.replace("%2Fchat", "%2Fchat%2F")],
  ["target_normalised", {}, {}, (url) => url.replace("api.example.com", "API.example.com")],
  ["target_cut", {}, {}, (url) => url.replace("%26d%3D", "&d=")],
  ["encoding_plus", {}, {}, (url) => url.replace("b%2520c", "b%2Bc")],
  [
    "id_swapped",
    { id: "app" },
    { others: [{ id: "app", secrets: ["s"] }] },
    (url) => url.replace("app%2F", "web%2F"),
  ],
  ["secret_whitespace", { secret: `${SECRET}\n` }, {}],
  ["secret_whitespace", {}, { secrets: [` ${SECRET} `] }],
  ["secret_quoted", {}, { secrets: [`"${SECRET}"`] }],
  ["secret_case", { secret: SECRET.toUpperCase() }, { secrets: [SECRET.toLowerCase()] }],
  ["secret_empty", { secret: "undefined" }, {}],
  ["secret_is_id", { secret: "web" }, {}],
  ["secret_of_other_app", { secret: "theirs" }, { others: [{ id: "app", secrets: ["theirs"] }] }],
  ["unknown", { secret: "quite another" }, {}],
  ["unknown", post("one"), { method: "POST", body: "two" }],
  ["expired", {}, { now: new Date(SIGNED_AT + 301_000) }],
  ["date_in_future", {}, { now: new Date(SIGNED_AT - 3_600_000) }],
  ["expires_too_long", { expires: 1000 }, { maxExpires: 900 }],
  ["html_escaped", {}, {}, (url) => url.replaceAll("&", "&amp;")],
  ["url_cut", {}, {}, (url) => url.slice(0, url.indexOf("&"))],
  ["url_cut", {}, {}, (url) => url.slice(0, url.lastIndexOf("=") - 4)],
  ["url_cut", {}, {}, (url) => url.slice(0, url.lastIndexOf("&") + 1)],
  ["not_signed", {}, {}, (url) => url.slice(0, url.indexOf("?"))],
  ["not_signed", {}, {}, () => "https://example.com/?a=b"],
  ["url_encoded_twice", {}, {}, (url) => url.replaceAll("%", "%25")],
  ["signature_cut", {}, {}, (url) => url.slice(0, -1)],
  ["signature_case", {}, {}, (url) => url.replace(/[^=]*$/, (digits) => `A${digits.slice(1)}`)],
  ["url_malformed", {}, {}, () => "edge/?X"],
  ["scope_mismatch", {}, {}, (url) => url.replace("%2F20261122", "%2F20261121")],
];

const ODD: [string, Signing, (canonical: string) => string, string?][] = [
  ["method_case", {}, (text) => text.replace("GET", "get")],
  ["trailing_slash", {}, (text) => text.replace("\n/\n", "\n\n")],
  ["header_name_case", X, (text) => text.replaceAll("\nx-a", "\nX-A")],
  ["header_left_out", X, (text) => text.replace("\nx-a:One  Two\n\nx-a\n", "\n\n\n\n")],
  ["encoding_absent", {}, query(decodeURIComponent)],
  ["encoding_double", {}, query((text) => text.replaceAll("%", "%25"))],
  ["encoding_lower_case", {}, query((text) => text.replace(/%../g, (code) => code.toLowerCase()))],
  ["encoding_of_path", {}, query((text) => text.replaceAll("%2F", "/"))],
  ["body_left_out", post("x"), (text) => text],
  ["scope_day", {}, (text) => text, "20261123"],
];

describe("explainUrl names the planted mistake", () => {
  test.each(CHANGED.map((row) => [row[0], row] as const))(
    "%s",
    async (code, [, signing, options, change]) => {
      const result = await explained(signing, options, change);
      expect(result.accepted).toBe(false);
      expect(result.causes.map((cause) => cause.code as string)).toContain(code);
    },
  );

  test.each(ODD.map((row) => [row[0], row] as const))("%s by the signer", async (code, row) => {
    const [, signing, canonicalOf, scope] = row;
    const url = await oddlySigned(signing, canonicalOf, scope);
    const { method = "GET", headers, body } = signing;
    const result = await explainUrl(url, {
      method,
      ...(headers && { headers }),
      ...(body !== undefined && { body: body as string }),
      secrets: [SECRET],
      now: NOW,
    });
    expect(result.signature).toBe("wrong");
    expect(result.causes.map((cause) => cause.code as string)).toEqual([code]);
  });
});

describe("explainUrl finds no false cause", () => {
  test.each(PUBLISHED_URLS.map((it) => [it.title, it] as const))(
    "%s",
    async (_, { url, vector }) => {
      const { method, headers = {}, body, secret } = vector;
      const given = { method, headers, ...(body !== undefined && { body }) };
      const result = await explainUrl(url, { ...given, secrets: [secret], now: NOW });
      expect(result).toMatchObject({ accepted: true, signature: "right", causes: [] });
    },
  );

  test("a method that nobody named is found by the signature", async () => {
    const result = await explained({ method: "PATCH" }, {});
    expect(result).toMatchObject({ accepted: true, causes: [], parts: { method: "PATCH" } });
  });

  test("without a secret it is neither accepted nor refused", async () => {
    const result = await explained({}, { secrets: [] });
    expect(result).toMatchObject({ signature: "unchecked", causes: [] });
    expect(result.accepted).toBeUndefined();
  });
});

test.each([[[SECRET]], [["quite another"]]])(
  "an explanation holds no secret and no whole signature: %p",
  async (secrets) => {
    const text = JSON.stringify(await explained({}, { secrets }));
    for (const secret of secrets) expect(text).not.toContain(secret);
    // The one hash in it is that of the canonical request, in the string to sign.
    expect(text.match(/[0-9a-f]{64}/g)).toHaveLength(1);
  },
);
