import type { Flags } from "./flags.ts";

/** Every option of `signway revoke`, in the order of the help. */
export const REVOKE_FLAGS = {
  admin: {
    group: "Gateway",
    value: "URL",
    help: "The gateway's address of --admin, such as http://127.0.0.1:13090. Required. Its admin_token is read from SW_ADMIN_TOKEN.",
  },
  app: {
    group: "Revocation",
    value: "ID",
    help: "The app whose credentials are revoked, or the path of a route. Required.",
  },
  token: {
    group: "Revocation",
    value: "JTI",
    help: "Revoke the token with this id, its claim jti.",
  },
  subject: {
    group: "Revocation",
    value: "TEXT",
    help: "Revoke all tokens of this end user, their claim sub, also those that are signed later, until the gateway's longest life of a token is over.",
  },
  before: {
    group: "Revocation",
    value: "TIME",
    help: "Revoke all tokens and signed URLs of the app that were issued before this time: now, or RFC 3339, such as 2026-12-01T12:00:00Z.",
  },
  lift: { group: "Revocation", help: "Take the revocation back." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway revoke`, without its dashes. */
export type RevokeFlagName = keyof typeof REVOKE_FLAGS;
