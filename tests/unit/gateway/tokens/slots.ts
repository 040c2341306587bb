import { EDGE, PATH } from "./token_gateway.ts";

/** A place of a request that may hold a token. */
export interface Slot {
  what: string;
  /** Default: all. */
  methods?: readonly string[];
  /** Puts the token there. */
  place: (token: string) => Placed;
}

/** What a token adds to a request. */
export interface Placed {
  headers?: Record<string, string>;
  query?: string;
  /** Before the path. */
  prefix?: string;
}

const header = (name: string, before = ""): Slot => ({
  what: `${name}: ${before}`,
  place: (token) => ({ headers: { [name]: before + token } }),
});
const parameter = (name: string, methods?: readonly string[]): Slot => ({
  what: `?${name}=`,
  ...(methods && { methods }),
  place: (token) => ({ query: `${name}=${token}` }),
});
const protocol = (what: string, place: (token: string) => string): Slot => ({
  what: `Sec-WebSocket-Protocol: ${what}`,
  place: (token) => ({ headers: { "Sec-WebSocket-Protocol": place(token) } }),
});

const READING = ["GET", "HEAD"];

/** Every slot, and the ways to write it. */
export const SLOTS: readonly Slot[] = [
  header("Authorization", "Bearer "),
  header("Authorization", "bearer "),
  header("AUTHORIZATION", "Token "),
  header("Authorization", "BEARER   "),
  header("x-api-key"),
  header("X-Goog-Api-Key"),
  header("api-key"),
  header("xi-api-key"),
  parameter("X-Sw-Token"),
  parameter("key"),
  parameter("%6Bey"),
  ...["access_token", "token", "single_use_token"].map((name) => parameter(name, READING)),
  { what: "/~", place: (token) => ({ prefix: `/~${token}` }) },
  { what: "/%7E", place: (token) => ({ prefix: `/%7E${token}` }) },
  protocol("openai-insecure-api-key", (token) => `realtime, openai-insecure-api-key.${token}`),
  protocol("bearer.", (token) => `bearer.${token}`),
  protocol("token, …", (token) => `token, ${token}`),
  protocol("Bearer,…", (token) => `Bearer,${token},other`),
];

/** The methods that the gateway forwards. */
export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** A request with what one token or several add to it. */
export function placed(
  places: readonly Placed[],
  { path = PATH, ...init }: RequestInit & { path?: string } = {},
): Request {
  const headers = new Headers(init.headers);
  for (const place of places) {
    for (const [name, value] of Object.entries(place.headers ?? {})) headers.append(name, value);
  }
  const prefix = places.map((place) => place.prefix ?? "").join("");
  const queries = places.flatMap(({ query }) => query ?? []);
  const mark = path.includes("?") ? "&" : "?";
  const query = queries.length > 0 ? mark + queries.join("&") : "";
  return new Request(EDGE + prefix + path + query, { ...init, headers });
}
