import { z } from "zod";
import type { Sources } from "../gateway/admission/authenticator.ts";
import { DEFAULTS } from "../gateway/defaults.ts";
import type { Hooks } from "../gateway/hooks.ts";
import type { CorsPolicy } from "../gateway/model/cors_policy.ts";
import type { Ledger } from "../gateway/ledger/ledger.ts";
import type { Route } from "../gateway/model/route.ts";
import type { OnBytes } from "../gateway/record/bytes_observer.ts";
import type { ExchangeRecord } from "../gateway/record/exchange_record.ts";

/**
 * Options of `createGateway`. Only `sources.findApp` is required. They are read once: what is changed in them later has no
 * effect. Make another gateway, or change what `sources` find.
 */
export interface GatewayOptions {
  /** Where the gateway finds apps, routes and secrets. */
  sources: GatewaySources;
  /** Limits of all apps and routes. Default: {@link DEFAULTS}. */
  limits?: GatewayLimits;
  /** Functions that can change an exchange. */
  hooks?: Hooks;
  /** Functions that are told what happened. */
  observers?: GatewayObservers;
  /** The CORS policy of apps and routes that have none of their own. Default: any page may call. */
  cors?: CorsPolicy;
  /** Keeps the limits that count. Default: a ledger in the memory of this gateway alone. */
  ledger?: Ledger;
  /** The audience that tokens with the claim `aud` must name (RFC 7519, section 4.1.3). Default: none. */
  audience?: string;
  /** The path prefix that a reverse proxy in front strips from requests. Default: `/`. */
  publicPath?: string;
  /**
   * Whether the response to a signature that does not match shows what the gateway computed. For
   * development. Default: no.
   */
  explain?: boolean;
}

/** Where the gateway finds apps, routes and secrets. */
export interface GatewaySources {
  /**
   * Finds an app by its id, in a file, a database or any other place. The gateway calls it once for each
   * signed request before it uses a secret, again when a signed body is complete, and once for each
   * preflight. It also calls it once for each issuer of a JWT (RFC 7519) in the request, which may be anybody:
   * an issuer that is no app's id is `undefined`. It may return a `Response`: the client receives it and the
   * exchange ends, except for a preflight. To read the request's body, clone the request.
   *
   * The gateway remembers what it computed of the rules and policies of an app. So a change needs new objects, and what was
   * returned stays as it is. Only `maxConnections` may change in place.
   */
  findApp: Sources["findApp"];
  /**
   * Finds the app that accepts the tokens of an identity provider, by the issuer and one of the audiences
   * that a token names (RFC 7519, section 4.1). Default: no app accepts such tokens.
   */
  findIssuer?: NonNullable<Sources["findIssuer"]>;
  /** Finds a policy that a token names in `sw.policy`. Default: there is none. */
  findPolicy?: NonNullable<Sources["findPolicy"]>;
  /** APIs behind paths of the gateway. Default: none. */
  routes?: readonly Route[];
  /**
   * Whether a text is a secret. A signer that mixes up id and secret sends the secret as its id; with
   * this function, the gateway keeps it out of records. Default: no text is a known secret.
   */
  isSecret?: (text: string) => boolean;
}

/** Limits of all apps and routes. Times are in seconds, sizes in bytes. Defaults: {@link DEFAULTS}. */
export interface GatewayLimits {
  /** The longest validity of a signed URL or a token. */
  maxExpires?: number;
  /** How far the clock of a signer may be ahead. */
  clockSkew?: number;
  /** The largest signed body. */
  maxSignedBody?: number;
  /**
   * The most bytes of unverified bodies that the gateway holds in memory, for all requests together. The
   * gateway uses `maxSignedBody` if that is more.
   */
  maxUnverifiedBytes?: number;
  /** The largest body of a request under a policy; at most 64 MiB. */
  maxPolicyBody?: number;
  /** The most exchanges at the same time, of all apps and routes together. Default: no limit. */
  maxConnections?: number;
  /** The longest wait for a connection to an upstream; 0 = no limit. */
  connectTimeout?: number;
  /** The longest wait for the head of an upstream's response; 0 = no limit. */
  headTimeout?: number;
  /** The longest silence within an upstream's response; 0 = no limit. */
  idleTimeout?: number;
  /** The longest pause while a client sends a body; 0 = no limit. */
  uploadIdleTimeout?: number;
  /** The longest duration of an exchange; 0 = no limit. */
  maxDuration?: number;
  /** The silence of the client of a WebSocket after which it receives a ping; 0 = never. */
  wsPing?: number;
  /** The largest message of a WebSocket. */
  maxMessage?: number;
  /** The silence after which an event stream receives a heartbeat; 0 = never. */
  sseHeartbeat?: number;
}

/** Functions that are told what happened. They cannot change an exchange. */
export interface GatewayObservers {
  /** Receives the record of each exchange when the exchange has ended. */
  onRecord?: (record: Readonly<ExchangeRecord>) => void;
  /**
   * Receives the bytes of each authenticated exchange: at most once a second while bytes are forwarded,
   * and once at the end.
   */
  onBytes?: OnBytes;
  /** Receives unexpected errors, among them the errors of hooks. The client never sees them. */
  onError?: (error: unknown, requestId: string) => void;
}

const callback = z.custom<unknown>((value) => typeof value === "function", "must be a function");
const limit = z.number("must be a number, 0 or more").min(0, "must be a number, 0 or more");
const callbacks = (...names: string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, callback.optional()]))).optional();
const { publicPath: _, ...LIMITS } = DEFAULTS;

const OPTIONS = z.strictObject({
  sources: z.strictObject({
    findApp: callback,
    findIssuer: callback.optional(),
    findPolicy: callback.optional(),
    routes: z.array(z.unknown(), "must be an array").optional(),
    isSecret: callback.optional(),
  }),
  limits: z
    .strictObject(
      Object.fromEntries(
        [...Object.keys(LIMITS), "maxConnections"].map((name) => [name, limit.optional()]),
      ),
    )
    .optional(),
  hooks: callbacks("onRequest", "onResponse"),
  observers: callbacks("onRecord", "onBytes", "onError"),
  cors: z.looseObject({}).optional(),
  ledger: z
    .custom<Ledger>(
      (value) => callback.safeParse(Object(value).reserve).success,
      "must be a ledger",
    )
    .optional(),
  audience: z.string("must be a string").optional(),
  publicPath: z.string("must be a string").optional(),
  explain: z.boolean("must be true or false").optional(),
});

/**
 * Checks and copies the options of a program that is not checked by TypeScript. An unknown name is a mistake: a
 * misspelled limit would otherwise be no limit.
 *
 * @param options the options
 * @returns a copy: what the program changes in its options later has no effect
 * @throws TypeError that names every mistake and its place
 */
export function readGatewayOptions(options: GatewayOptions): GatewayOptions {
  const { error, data } = OPTIONS.safeParse(options);
  if (!error) return data as unknown as GatewayOptions;
  const mistakes = error.issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [`${path || "options"} ${messageOf(issue)}`];
    return issue.keys.map((key) => `${[...issue.path, key].join(".")} is not an option`);
  });
  throw new TypeError(`createGateway: ${mistakes.join("; ")}`);
}

function messageOf({ code, message }: z.core.$ZodIssue): string {
  return code === "invalid_type" && message.startsWith("Invalid") ? "must be an object" : message;
}
