import type { AwsSigning, AwsSource } from "../gateway/model/aws_signing.ts";
import type { UpstreamRule } from "../gateway/model/rule.ts";
import { placeOfTokens } from "./place_of_tokens.ts";

/**
 * Names what a rule adds to a request, such as `Authorization` or `key in the query`.
 *
 * @param rule with its credentials
 * @returns the names, without any value
 */
export function namesOfCredentials({
  headers,
  query = [],
  aws,
  oauth,
}: Omit<UpstreamRule, "url">): string[] {
  return [
    ...headers.map(([name]) => name),
    ...query.map(([name]) => `${name} in the query`),
    ...(aws ? [describeAws(aws)] : []),
    ...(oauth?.client ? [`an access token of ${placeOfTokens(oauth.client)}`] : []),
  ];
}

function describeAws({ region, service, from }: AwsSigning): string {
  const keys = from ? `, with keys from ${KEY_SOURCES[from]}` : "";
  return `a signature of AWS for ${service} in ${region}${keys}`;
}

const KEY_SOURCES: Readonly<Record<AwsSource, string>> = {
  container: "the container",
  imds: "the instance",
};
