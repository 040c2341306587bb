import type { ConfigInput } from "../../../lib/config/schema.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { headerSignature, SECRET } from "../../support/header_signature.ts";

/** The secret of a consumer who may call the routes below `/users/`, and nothing else. */
export const USERS_SECRET = SECRET;

/** The secret of a consumer who may call one route far inside the open one. */
export const DEEP_SECRET = "the secret of the route far inside";

// Only the method is signed, so that a signature holds for every spelling of a path.
const signedBy = (secret: string) => ({
  scheme: "sasigning" as const,
  secrets: [secret],
  fields: ["method"],
});

/** Routes that lie in one another, open in signed and signed in open ones. */
export const POLICIES = [
  { path: "/", signature: "none" },
  { path: "/users/", signature: signedBy(USERS_SECRET) },
  { path: "/users/public/", signature: "none" },
  { path: "/users/public/deep/", signature: signedBy(DEEP_SECRET) },
  { path: "/api/users/", signature: signedBy(USERS_SECRET) },
] as const;

/** The routes as a configuration, each naming itself to the upstream in a header. */
export function routesTo(upstream: string): NonNullable<ConfigInput["route"]> {
  return POLICIES.map(({ path, signature }) => ({
    path,
    upstream,
    signature: signature === "none" ? signature : { ...signature, secrets: [...signature.secrets] },
    headers: { "X-Route": path },
  }));
}

/** The route whose policy was applied to a request that an upstream saw. */
export function appliedTo(request: HttpMessage): string {
  const names = request.all("x-route");
  if (names.length !== 1) throw new Error(`the routes applied were ${JSON.stringify(names)}`);
  return names[0]!;
}

/** The route that a decoded path belongs to: the longest prefix. */
export function ownerOf(path: string): string {
  const owners = POLICIES.map((route) => route.path).filter((prefix) => path.startsWith(prefix));
  return owners.sort((a, b) => b.length - a.length)[0] ?? "no route";
}

/** What the signature is at each signed route. */
export const SIGNATURES: Readonly<Record<string, string>> = {
  "/users/": signatureBy(USERS_SECRET),
  "/users/public/deep/": signatureBy(DEEP_SECRET),
  "/api/users/": signatureBy(USERS_SECRET),
};

/** The headers that anyone sends, a consumer of `/users/`, and one of `/users/public/deep/`. */
export const SENDERS: readonly string[][] = [
  [],
  [`Signature: ${SIGNATURES["/users/"]}`],
  [`Signature: ${SIGNATURES["/users/public/deep/"]}`],
];

function signatureBy(secret: string): string {
  return headerSignature(["GET"], { secret });
}
