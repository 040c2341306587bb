import { HASH_NAMES } from "../../../lib/signing/verify.ts";
import type { Random } from "../../support/random.ts";
import { type Scheme, signatureOf, withSignature } from "./django_requests.ts";
import type { WireRequest } from "./django_server.ts";

type Damage = (
  request: WireRequest,
  scheme: Scheme,
  random: Random,
) => WireRequest | Promise<WireRequest>;

const signature = ({ headers }: WireRequest): string =>
  headers.find((line) => line.startsWith("Signature: "))!.slice("Signature: ".length);

const signedAnew = async (request: WireRequest, scheme: Scheme): Promise<WireRequest> =>
  withSignature(request, await signatureOf(request, scheme));

const respelled =
  (change: (signature: string, random: Random) => string): Damage =>
  (request, _, random) =>
    withSignature(request, change(signature(request), random));

/** What may happen to a signed request. Some of it leaves what the fields say as it was. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  "another path": (request) => ({ ...request, target: request.target.replace(/(\?|$)/, "x$1") }),
  "a slash more": (request) => ({ ...request, target: request.target.replace(/(\?|$)/, "/$1") }),
  "another spelling of the path": (request) => ({
    ...request,
    target: request.target.replace("/s", "/%73"),
  }),
  "another query": (request) => ({ ...request, target: `${request.target}?more` }),
  "another method": (request) => ({
    ...request,
    method: request.method === "PUT" ? "PATCH" : "PUT",
  }),
  "another body": (request) =>
    request.body === undefined ? request : { ...request, body: "another body" },
  "another content type": (request) => withType(request, "text/html"),
  "parameters of the content type": (request) => withType(request, "application/json; a=b"),
  "no content type": (request) => withType(request, undefined),
  "no signature": (request) => withSignature(request),
  "an empty signature": (request) => withSignature(request, ""),
  "another digit": respelled((text, random) => {
    const at = random.below(text.length);
    return text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
  }),
  "small letters": respelled((text) => text.toLowerCase()),
  "no padding": respelled((text) => text.replace(/=+$/, "")),
  "more padding": respelled((text) => `${text}=`),
  "the alphabet for URLs": respelled((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  hex: respelled((text) => Buffer.from(text, "base64").toString("hex")),
  "the last bits": respelled((text) => text.replace(/(.)(=*)$/, (_, c, pad) => `${next(c)}${pad}`)),
  "blanks around it": respelled((text) => ` \t${text} `),
  "a blank within it": respelled((text) => `${text.slice(0, 5)} ${text.slice(5)}`),
  "the signature twice": (request) => ({
    ...request,
    headers: [...request.headers, `Signature: ${signature(request)}`],
  }),
  "another secret": (request, scheme) =>
    signedAnew(request, { ...scheme, secret: `${scheme.secret}x` }),
  "another delimiter": (request, scheme) =>
    signedAnew(request, { ...scheme, delimiter: `${scheme.delimiter}#` }),
  "another hash function": (request, scheme) => {
    const hash = HASH_NAMES[(HASH_NAMES.indexOf(scheme.hash) + 1) % HASH_NAMES.length]!;
    return signedAnew(request, { ...scheme, hash });
  },
  "another order": (request, scheme) =>
    signedAnew(request, { ...scheme, fields: scheme.fields.toReversed() }),
  "a field less": (request, scheme) => {
    const fewer = scheme.fields.slice(1);
    return signedAnew(request, { ...scheme, fields: fewer.length > 0 ? fewer : ["method"] });
  },
  "a field more": (request, scheme) =>
    signedAnew(request, { ...scheme, fields: [...scheme.fields, "method"] }),
};

/** Does one of them to a request; the name says which. */
export async function damage(
  request: WireRequest,
  scheme: Scheme,
  random: Random,
): Promise<[name: string, request: WireRequest]> {
  const [name, apply] = random.pick(Object.entries(DAMAGES));
  return [name, await apply(request, scheme, random)];
}

function withType(request: WireRequest, type: string | undefined): WireRequest {
  const others = request.headers.filter((line) => !line.startsWith("Content-Type:"));
  return {
    ...request,
    headers: type === undefined ? others : [`Content-Type: ${type}`, ...others],
  };
}

function next(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + 1);
}
