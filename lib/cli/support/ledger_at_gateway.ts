import { z } from "zod";
import { NANO_DOLLARS } from "../../signing/verify.ts";
import type { CounterReading } from "../../gateway/ledger/store.ts";
import { printable } from "../../gateway/record/printable.ts";
import type { Environment } from "../../config/environment.ts";
import { adminAccess, askAdmin } from "./admin_client.ts";

/** Which counters are asked for. */
export interface AskedCounters {
  app: string;
  subject?: string | undefined;
  token?: string | undefined;
  issuer?: string | undefined;
}

/**
 * Reads counters from a running gateway.
 *
 * @param admin the value of `--admin`
 * @param env the environment variables, of which `SW_ADMIN_TOKEN` is the token
 * @param asked which counters
 * @returns the counters, or why they cannot be read
 * @throws ConfigError when the URL or the token is wrong
 */
export async function readAtGateway(
  admin: string,
  env: Environment,
  asked: AskedCounters,
): Promise<CounterReading[] | { failure: string }> {
  const access = adminAccess(admin, env);
  const query = new URLSearchParams(
    Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const answer = await askAdmin(access, { path: `/api/ledger?${query}`, answer: ledgerAnswer });
  if (!answer.isDone) return { failure: answer.text };
  // The last scope is the narrowest.
  return (answer.body.scopes.at(-1)?.counters ?? []).map(readingOf);
}

const counter = z.object({
  name: z.string().transform((name) => printable(name)),
  used: z.number().optional(),
  reserved: z.number().optional(),
  ends_at: z.iso.datetime().optional(),
  full_at: z.iso.datetime().optional(),
});

const ledgerAnswer = z.object({ scopes: z.array(z.object({ counters: z.array(counter) })) });

function readingOf({
  name,
  used = 0,
  reserved = 0,
  ends_at,
  full_at,
}: z.infer<typeof counter>): CounterReading {
  if (full_at !== undefined) return { name, fullAt: Date.parse(full_at) };
  const unit = name.startsWith("cost") ? NANO_DOLLARS : 1;
  const end = ends_at === undefined ? {} : { endsAt: Date.parse(ends_at) };
  const [settled, open] = [used, reserved].map((value) => Math.round(value * unit));
  return { name, settled: settled!, reserved: open!, ...end };
}
