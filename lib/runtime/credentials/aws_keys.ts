import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Environment } from "../../config/environment.ts";
import type { AwsKeys, AwsSource } from "../../gateway/model/aws_signing.ts";
import { parseAnswer, refusal, type SendCredentialRequest } from "./credential_request.ts";
import type { FetchedCredential } from "./kept_credential.ts";

const CONTAINER = "http://169.254.170.2";
const INSTANCE = "http://169.254.169.254";

/** How long a token of an instance is valid, in seconds. It is used at once. */
const TOKEN_SECONDS = "60";

// Two of them are in the headers of requests.
const ASCII = z.string().regex(/^[\x20-\x7e]+$/);

const DOCUMENT = z.object({
  Code: z.string().optional(),
  AccessKeyId: ASCII,
  SecretAccessKey: ASCII,
  Token: ASCII,
  Expiration: z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
});

/**
 * Fetches temporary keys of the machine.
 *
 * @param source the container's endpoint, or the instance's
 * @param env the variables that tell where it is
 * @param send sends a request to it
 * @throws GatewayError `credential_unavailable`, with the reason
 */
export function fetchAwsKeys(
  source: AwsSource,
  env: Environment,
  send: SendCredentialRequest,
): Promise<FetchedCredential<AwsKeys>> {
  return source === "container" ? fetchContainerKeys(env, send) : fetchInstanceKeys(env, send);
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function fetchContainerKeys(env: Environment, send: SendCredentialRequest) {
  const {
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: full,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
  } = env;
  const url = relative ? URL.parse(relative, CONTAINER) : URL.parse(full ?? "");
  if (!url) throw refusal("AWS_CONTAINER_CREDENTIALS_FULL_URI and _RELATIVE_URI are not set");
  if (!isOwnHost(url)) throw refusal("AWS_CONTAINER_CREDENTIALS_FULL_URI is not of this machine");
  // The file changes while the container runs.
  const authorization = file ? (await readFile(file, "utf8")).trim() : token;
  if (/[\r\n]/.test(authorization ?? "")) throw refusal("the authorization has several lines");
  return parseKeys(
    await send({ method: "GET", url, headers: { ...(authorization && { authorization }) } }),
  );
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
async function fetchInstanceKeys(env: Environment, send: SendCredentialRequest) {
  const at = (path: string) => new URL(path, env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] || INSTANCE);
  const token = await send({
    method: "PUT",
    url: at("/latest/api/token"),
    headers: { "x-aws-ec2-metadata-token-ttl-seconds": TOKEN_SECONDS },
  });
  const headers = { "x-aws-ec2-metadata-token": token.trim() };
  const folder = "/latest/meta-data/iam/security-credentials/";
  const [role = ""] = (await send({ method: "GET", url: at(folder), headers })).trim().split("\n");
  if (!/^[\w+=,.@-]+$/.test(role)) throw refusal("the instance has no role");
  return parseKeys(await send({ method: "GET", url: at(`${folder}${role}`), headers }));
}

// The keys are sent without encryption there.
const OWN_HOSTS =
  /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]|169\.254\.170\.(?:2|23)|\[fd00:ec2::23\])$/;

function isOwnHost({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && OWN_HOSTS.test(hostname));
}

function parseKeys(text: string): FetchedCredential<AwsKeys> {
  const keys = parseAnswer(text, DOCUMENT, "the answer has no temporary keys");
  const { Code: code = "Success", Expiration: expiresAt } = keys;
  if (code !== "Success") throw refusal("the answer reports a failure");
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = keys;
  return { value: { accessKeyId, secretAccessKey, sessionToken }, expiresAt };
}
