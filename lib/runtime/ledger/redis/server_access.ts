import type { RedisLocation } from "../../../config/ledger/redis_location.ts";

/** How long a server may take to answer, in milliseconds. */
export const COMMAND_MS = 2_000;

/** The TLS of a server. Explicit, because NODE_TLS_REJECT_UNAUTHORIZED in the environment would turn verification off. */
export const VERIFIED = { rejectUnauthorized: true } as const;

/** The settings for a connection to a server. */
export type ServerAccess = Pick<RedisLocation, "kind" | "isTls" | "user" | "password" | "database">;
