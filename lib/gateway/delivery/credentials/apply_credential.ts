import type { Bytes } from "../../body/relay.ts";
import type { AccessTokens } from "../../model/access_tokens.ts";
import type { AwsKeys, AwsSigning } from "../../model/aws_signing.ts";
import type { AuthorizedTarget } from "../../model/grant.ts";
import { bodyLimit } from "../../model/body_limit.ts";
import { SMALL_BODY } from "../../body/message_length.ts";
import type { OutboundRequest } from "../../fetch_upstream.ts";
import { GatewayError } from "../../problem/gateway_error.ts";
import { untilAborted } from "../../time/until_aborted.ts";
import type { Transfer } from "../transfer.ts";
import { allowsUnsignedBody, signRequest } from "./aws/sign_request.ts";
import { outboundTarget } from "./outbound_target.ts";

/**
 * Reads the body of a request whole, if the signature for its upstream has to cover it and it would be streamed
 * otherwise.
 *
 * @param transfer an admitted request
 * @param lifetime the longest time for reading, in milliseconds
 * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`, `policy_bodies_limit`
 */
export async function readSignedBody(transfer: Transfer, lifetime: number): Promise<void> {
  const { inbound, admission, exchange, options } = transfer;
  const { body } = inbound;
  exchange.onEnd(() => body.release());
  await body.checkedBytes(Math.min(options.maxSignedBody, bodyLimit(admission)), lifetime);
}

/** Whether {@link readSignedBody} has to be called. */
export function needsSignedBody({ inbound: { body }, admission: { target } }: Transfer): boolean {
  const { aws } = target.rule;
  if (!aws || !body.isSendable || body.known) return false;
  // S3 wants the length of a body.
  if (body.length === undefined) return true;
  return body.length > SMALL_BODY && !allowsUnsignedBody(target.url, aws.service);
}

/** The body of a request that gets a credential. */
export type SentBody = Bytes | ReadableStream<Bytes> | null;

type Sent = Pick<OutboundRequest, "method" | "headers"> & { body: SentBody };

/**
 * Gives a request the credential of its rule, if that is more than a header or a parameter of the query.
 *
 * @param transfer an admitted request. Once it is cancelled, it waits no longer for a credential that is being fetched
 * @param request whose headers are edited in place
 * @returns the target to call
 * @throws GatewayError `credential_unavailable`, `request_malformed`; the reason of the transfer's end
 */
export async function applyCredential(
  { admission, cancel, options }: Transfer,
  { method, headers, body }: Sent,
): Promise<AuthorizedTarget> {
  const target = outboundTarget(admission.target);
  const { aws, oauth } = target.rule;
  if (oauth) headers.set("authorization", `${BEARER}${await fetched(tokenOf(oauth), cancel)}`);
  if (!aws) return target;
  // Each chunk of such a body has a signature that only the caller's keys could make.
  if (/\baws-chunked\b/i.test(headers.get("content-encoding") ?? "")) {
    throw new GatewayError("request_malformed", "a body in aws-chunked cannot be signed again");
  }
  const request = { method, url: target.url, headers, body };
  const keys = await fetched(keysOf(aws), cancel);
  return { ...target, url: await signRequest(request, aws, keys, options.now()) };
}

/** Waits for a credential. The fetch is shared, and goes on for others. */
function fetched<Value>(
  credential: Value | Promise<Value>,
  { signal }: AbortController,
): Value | Promise<Value> {
  return credential instanceof Promise ? untilAborted(signal, credential) : credential;
}

const BEARER = "Bearer ";

function tokenOf({ token }: AccessTokens): string | Promise<string> {
  if (token) return token();
  throw new GatewayError("credential_unavailable", "the rule has no access tokens");
}

/**
 * Tells the source of access tokens that the upstream refuses one, if it does.
 *
 * @param transfer an admitted request
 * @param headers of the request that was sent
 * @param status of the answer
 */
export function noteStatus({ admission }: Transfer, headers: Headers, status: number): void {
  const { oauth } = admission.target.rule;
  const authorization = status === 401 && oauth?.refused && headers.get("authorization");
  if (authorization) oauth!.refused!(authorization.slice(BEARER.length));
}

function keysOf({ keys }: AwsSigning): AwsKeys | Promise<AwsKeys> {
  const found = typeof keys === "function" ? keys() : keys;
  if (!found) throw new GatewayError("credential_unavailable", "the rule has no keys");
  return found;
}

/** Whether the rule of a transfer has a credential for {@link applyCredential}. */
export function hasOwnCredential({ admission }: Transfer): boolean {
  const { aws, oauth } = admission.target.rule;
  return aws !== undefined || oauth !== undefined;
}
