import type { Flags } from "./flags.ts";

/** Every option of `signway ledger`, in the order of the help. */
export const LEDGER_FLAGS = {
  ledger: {
    group: "Ledger",
    value: "LEDGER",
    help: "The gateway's setting ledger. Required without --admin. With sqlite: and the path of a file, the gateway must not be running. With the URL of a Redis or Valkey, write ${NAME} or ${file:PATH} in place of the password.",
  },
  admin: {
    group: "Ledger",
    value: "URL",
    help: "Ask a running gateway with any ledger, at its address of --admin. Its admin_token is read from SW_ADMIN_TOKEN.",
  },
  app: {
    group: "Ledger",
    value: "ID",
    help: "The app whose counters are shown, or the path of a route. Required.",
  },
  subject: {
    group: "Ledger",
    value: "TEXT",
    help: "Show the counters of this end user, the sub of tokens. Default: those of the whole app.",
  },
  token: {
    group: "Ledger",
    value: "JTI",
    help: "Show the counters of the token with this id, its claim jti.",
  },
  issuer: {
    group: "Ledger",
    value: "TEXT",
    help: "With --token: the claim iss of the token. Default: the id of the app.",
  },
  reset: {
    group: "Ledger",
    help: "Set what was used to 0, in each of the counters. What open exchanges have reserved stays.",
  },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway ledger`, without its dashes. */
export type LedgerFlagName = keyof typeof LEDGER_FLAGS;
