import { z } from "zod";
import { ledgerMistake, MEMORY_LEDGER } from "../ledger/ledger_location.ts";

/** The setting for the place of the counters. */
export const LEDGER_ROW = {
  type: z.string().superRefine((value, context) => {
    const message = ledgerMistake(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }),
  default: MEMORY_LEDGER,
  description:
    "Where the counters of limits are kept: memory, sqlite: and the path of a file, or the URL of a Redis or Valkey.",
  details:
    "The memory forgets them at a restart: [tokens and signed URLs that count](#applimits) must then be newer than the start. A file survives restarts, and no other process can open it meanwhile. With workers, the supervisor keeps the counters for all of them. With `redis://`, `rediss://`, `redis+sentinel://A,B,C/NAME` or `redis+cluster://A,B,C`, [any number of gateways](limits.md#redis-and-valkey) share them.",
  flags: {
    ledger: {
      group: "Limits",
      value: "LEDGER",
      help: "Where the counters of limits are kept: memory, sqlite: and the path of a file, which survives restarts, or the URL of a Redis or Valkey, which gateways share. Write ${NAME} or ${file:PATH} in place of its password. Default: {default}.",
    },
  },
  needsRestart: true,
} as const;
