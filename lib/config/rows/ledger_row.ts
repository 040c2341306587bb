import { z } from "zod";
import { ledgerMistake, MEMORY_LEDGER } from "../ledger_location.ts";

/** The setting for the place of the counters. */
export const LEDGER_ROW = {
  type: z.string().superRefine((value, context) => {
    const message = ledgerMistake(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }),
  default: MEMORY_LEDGER,
  description: "Where the counters of limits are kept: memory, or sqlite: and the path of a file.",
  details:
    "The memory forgets them at a restart: [tokens and signed URLs that count](#applimits) must then be newer than the start. A file survives restarts, and no other process can open it meanwhile. With workers, the supervisor keeps the counters for all of them.",
  flags: {
    ledger: {
      group: "Limits",
      value: "LEDGER",
      help: "Where the counters of limits are kept: memory, or sqlite: and the path of a file, which survives restarts. Default: {default}.",
    },
  },
  needsRestart: true,
} as const;
