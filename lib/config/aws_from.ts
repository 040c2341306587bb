import { awsScopeOf } from "../gateway/model/aws_scope.ts";
import type { AwsSigning } from "../gateway/model/aws_signing.ts";
import type { Config } from "./schema.ts";

type AwsTable = NonNullable<Config["route"][number]["aws"]>;

/**
 * Converts an `aws` table of a rule.
 *
 * @param table which is valid
 * @param url of the rule, which names the region and the service where the table does not
 */
export function awsFrom(
  { region, service, access_key_id: id, secret_access_key: secret, session_token, from }: AwsTable,
  url: URL | undefined,
): AwsSigning {
  const scope = awsScopeOf(url?.hostname ?? "");
  const token = session_token === undefined ? {} : { sessionToken: session_token };
  return {
    // Without them, the contradictions of the file have stopped the start.
    region: region ?? scope.region ?? "",
    service: service ?? scope.service ?? "",
    ...(from && { from }),
    ...(id !== undefined &&
      secret !== undefined && { keys: { accessKeyId: id, secretAccessKey: secret, ...token } }),
  };
}
