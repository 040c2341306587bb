/** A host and a port. */
export interface StoreAddress {
  host: string;
  port: number;
}

/** Where a ledger in Redis or Valkey is. */
export interface RedisLocation {
  /** `sentinel`: the addresses are those of Sentinels. `cluster`: they are some of its nodes. */
  kind: "single" | "sentinel" | "cluster";
  addresses: readonly StoreAddress[];
  isTls: boolean;
  /** The name of the primary, with Sentinel. */
  name?: string;
  database: number;
  user?: string;
  password?: string;
  /** Whether the store never loses a write that it has acknowledged. */
  isDurable: boolean;
}

/** A mistake in a location, as it follows the name in a sentence. It never contains the password. */
export interface LocationMistake {
  mistake: string;
}

const FORM =
  /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^@/?#]*)(?:\/([^?#]*))?(?:\?(.*))?$/is;
const DEFAULT_PORTS = { single: 6379, sentinel: 26379, cluster: 6379 };
const DATABASE = /^\d{1,5}$/;

/** Whether the value of the setting `ledger` names a store in Redis or Valkey, with mistakes or without. */
export function isRedisLocation(location: string): boolean {
  return /^rediss?[+:]/i.test(location);
}

/**
 * Reads the location of a ledger in Redis or Valkey.
 *
 * @param location the value of the setting `ledger`
 */
export function parseRedisLocation(location: string): RedisLocation | LocationMistake {
  const [, secure, form = "single", credentials, hosts = "", path = "", query = ""] =
    FORM.exec(location) ?? [];
  if (secure === undefined) {
    return wrong(
      "must be redis://HOST, rediss://HOST, redis+sentinel://A,B,C/NAME or redis+cluster://A,B,C",
    );
  }
  const kind = form.toLowerCase() as RedisLocation["kind"];
  const addresses = hosts.split(",").map((text) => parseAddress(text, DEFAULT_PORTS[kind]));
  const known = addresses.filter((address) => address !== undefined);
  if (known.length < addresses.length) return wrong("has a host or a port that cannot be read");
  if (kind === "single" && known.length > 1) {
    return wrong("has several hosts: use redis+sentinel:// or redis+cluster://");
  }
  const named = parsePath(kind, path);
  if ("mistake" in named) return named;
  if (!["", "durable=1"].includes(query)) return wrong("has a query that is not durable=1");
  const identity = parseCredentials(credentials);
  if ("mistake" in identity) return identity;
  const isTls = secure !== "";
  return { kind, addresses: known, isTls, ...named, ...identity, isDurable: query !== "" };
}

/**
 * Writes where a ledger is, without user and password.
 *
 * @param location as it was read
 */
export function shownLocation({ kind, addresses, isTls, name, database }: RedisLocation): string {
  const scheme = `redis${isTls ? "s" : ""}${kind === "single" ? "" : `+${kind}`}`;
  const hosts = addresses.map(shownAddress).join(",");
  const path = [...(name === undefined ? [] : [name]), ...(database === 0 ? [] : [database])];
  return `${scheme}://${[hosts, ...path].join("/")}`;
}

/** Writes a host and a port. */
export function shownAddress({ host, port }: StoreAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function wrong(mistake: string): LocationMistake {
  return { mistake };
}

function parseAddress(text: string, defaultPort: number): StoreAddress | undefined {
  const [, v6, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = v6 ?? name;
  const port = digits === undefined ? defaultPort : Number(digits);
  return host === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

function parsePath(
  kind: RedisLocation["kind"],
  path: string,
): { name?: string; database: number } | LocationMistake {
  const parts = path === "" ? [] : path.split("/");
  const name = kind === "sentinel" ? parts.shift() : undefined;
  if (kind === "sentinel" && !name)
    return wrong("needs the name of the primary: redis+sentinel://A,B,C/NAME");
  const [database = "0"] = parts;
  if (parts.length > 1 || !DATABASE.test(database))
    return wrong("has a path that is not the number of a database");
  if (kind === "cluster" && database !== "0")
    return wrong("has a database, which a cluster does not have");
  try {
    return { ...(name && { name: decodeURIComponent(name) }), database: Number(database) };
  } catch {
    return wrong("has a name of the primary that is not percent-encoded");
  }
}

function parseCredentials(
  text: string | undefined,
): { user?: string; password?: string } | LocationMistake {
  if (text === undefined) return {};
  const colon = text.indexOf(":");
  const [user, password] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  if (password === "") return wrong("has a user without a password");
  try {
    return {
      ...(user && { user: decodeURIComponent(user) }),
      password: decodeURIComponent(password),
    };
  } catch {
    return wrong("has a password that is not percent-encoded");
  }
}
