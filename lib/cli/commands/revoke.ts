import { z } from "zod";
import { ConfigError } from "../../config/config_error.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { RevokeFlagName } from "../arguments/revoke_flags.ts";
import { adminAccess, askAdmin } from "../support/admin_client.ts";
import type { CommandContext } from "../support/command_context.ts";

/** The output of {@link revoke}. */
export interface RevokeOutput {
  /** A sentence with the outcome. It ends in a newline if the revocation was made. */
  text: string;
  isDone: boolean;
}

const revoked = z.object({
  kept_until: z.iso.datetime(),
  was_in_force: z.boolean(),
  processes: z.object({ known: z.int(), reached: z.int() }),
});

/** As the admin API takes a time. */
const rfc3339 = z.iso.datetime({ offset: true });

const KINDS = ["token", "subject", "before"] as const;

/**
 * `signway revoke`: revokes a token, the tokens of an end user, or all credentials of an app from before a time.
 *
 * @param args from `parseArguments`
 * @param context the environment and the current time
 * @returns what was done
 * @throws ConfigError with every mistake at once
 */
export async function revoke(
  { given, positionals }: Arguments<RevokeFlagName>,
  { env, now }: Pick<CommandContext, "env" | "now">,
): Promise<RevokeOutput> {
  if (positionals.length > 0) {
    throw new ConfigError([
      "revoke takes options only: if revoke is the id of an app, write 'signway serve ID SECRET'",
    ]);
  }
  const valueOf = (name: RevokeFlagName) => given.get(name)?.[0];
  const mistakes: string[] = [];
  const app = valueOf("app");
  if (!app) mistakes.push("--app is missing: name the app");
  const [kind, ...others] = KINDS.filter((name) => given.has(name));
  if (kind === undefined) mistakes.push("--token, --subject or --before is missing");
  if (others.length > 0) mistakes.push("--token, --subject and --before exclude each other");
  const value = kind && valueOf(kind);
  if (kind && !value) mistakes.push(`--${kind} is empty`);
  const before = kind === "before" && value === "now" ? now.toISOString() : value;
  if (kind === "before" && before && !rfc3339.safeParse(before).success) {
    mistakes.push("--before must be now or a time such as 2026-12-01T12:00:00Z");
  }
  const access = adminAccess(valueOf("admin"), env, mistakes);
  const isLifted = given.has("lift");
  const answer = await askAdmin(access, {
    path: "/api/revocations",
    answer: revoked,
    method: isLifted ? "DELETE" : "POST",
    body: { app, [kind!]: before },
  });
  if (!answer.isDone) return { text: answer.text, isDone: false };
  const { processes, kept_until, was_in_force: wasInForce } = answer.body;
  if (isLifted && !wasInForce) {
    return {
      text: "the gateway knew of no such revocation: check --app, --token, --subject or --before",
      isDone: false,
    };
  }
  const reach = `${processes.reached} of ${processes.known} processes know it`;
  const until = isLifted ? "" : `, until ${kept_until}`;
  return { text: `${isLifted ? "lifted" : "revoked"}${until}: ${reach}\n`, isDone: true };
}
