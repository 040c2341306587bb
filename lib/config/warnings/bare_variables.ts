import type { UpstreamRule } from "../../gateway/model/rule.ts";
import type { Settings } from "../settings.ts";

// Shells and other files of configuration refer to a variable in this way. `${NAME}` is replaced before.
const BARE = /(^|\s)\$[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Finds values that end in the name of an environment variable without braces. They are used as they stand, so the
 * secret would be the text `$NAME`.
 *
 * @param settings the settings of a valid configuration
 * @returns the places of the values
 */
export function findBareVariables({ apps, routes }: Settings): string[] {
  return [
    ...apps.flatMap(({ id, secrets, upstreams }) => {
      const name = `app ${JSON.stringify(id)}`;
      return [...bareSecrets(secrets, name), ...bareValues(upstreams, name)];
    }),
    ...routes.flatMap(({ path, signature, upstreams }) => {
      const name = `route ${path}`;
      return [...bareSecrets(signature?.secrets ?? [], name), ...bareValues(upstreams, name)];
    }),
  ];
}

function bareSecrets(secrets: readonly string[], owner: string): string[] {
  return secrets.flatMap((secret, i) => (BARE.test(secret) ? [`secrets[${i}] of ${owner}`] : []));
}

function bareValues(rules: readonly UpstreamRule[], owner: string): string[] {
  return rules
    .flatMap(({ headers, query = [] }) => [...headers, ...query])
    .filter(([, value]) => BARE.test(value))
    .map(([name]) => `the value of ${name} of ${owner}`);
}
