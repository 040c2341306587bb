import { formatJsonBytes, isJsonObject, type JsonDocument } from "../../signing/verify.ts";
import type { Bytes } from "../body/relay.ts";
import type { InboundRequest } from "../inbound.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { ProviderName } from "../providers/provider.ts";
import type { PricedProvider } from "../usage/prices.ts";
import { withCaps } from "./guard/edit_body.ts";
import type { Guarded, GuardedCall } from "./guard/guard_types.ts";
import { needsOf } from "./needs.ts";
import { FREE, outputsOf, requestBound } from "./request_bound.ts";
import { type CurrentPrices, usageReading } from "./usage_reading.ts";

/** The body of a request as it was read. */
export interface ReadBody {
  document: JsonDocument;
  /** The bytes that it was read from. */
  bytes: Bytes;
}

/** A guarded request, and what is wanted of it. */
export interface GuardedRequest {
  inbound: InboundRequest;
  provider: ProviderName | undefined;
  guarded: Guarded;
  /** Absent: there is none. */
  read: ReadBody | undefined;
  /** Whether tokens or cost are counted. */
  isCounted: boolean;
  readsUsage: boolean;
}

/**
 * Describes a guarded request for delivery and the ledger.
 *
 * @param request whose body was replaced by what was checked
 * @param prices of the moment
 * @throws PolicyError `policy_violation` when it is counted, and what it bills has no bound
 */
export function checkedRequest(request: GuardedRequest, prices: CurrentPrices): CheckedRequest {
  const { guarded, read, isCounted, provider } = request;
  const { isForwardedHeader, response, call } = guarded;
  const edits = [...guarded.edits];
  const checked: CheckedRequest = {
    edits,
    hasBody: read !== undefined,
    isForwardedHeader,
    ...(response && { response }),
  };
  if (!call || !provider || provider === "mcp")
    return isCounted ? { ...checked, bound: FREE } : checked;
  return { ...checked, ...countedParts({ ...request, provider, call, edits }, prices) };
}

type CallRequest = GuardedRequest & {
  provider: PricedProvider;
  call: GuardedCall;
  edits: string[];
};

function countedParts(request: CallRequest, prices: CurrentPrices): Partial<CheckedRequest> {
  const { inbound, provider, guarded, isCounted, readsUsage, call } = request;
  const body = isJsonObject(guarded.body) ? guarded.body : undefined;
  const bytes = inbound.body.known ?? new Uint8Array();
  const outputs = outputsOf(call.operation, body);
  const needs = needsOf(call.used, bytes);
  const usage = readsUsage
    ? usageReading({ ...call, provider, media: needs.media, outputs }, prices)
    : undefined;
  if (!isCounted) return usage ? { usage } : {};
  const bound = requestBound({ ...call, provider, body, bytes, needs, outputs }, prices);
  return {
    ...(usage && { usage }),
    bound,
    ...(bound.elastic && { lowerCap: capLowering(request) }),
  };
}

/** The function that lowers the cap of the body. It can be called once: it does not keep the body longer. */
function capLowering({ inbound, guarded, call, read, edits }: CallRequest): (cap: number) => void {
  const { caps, needsFirstCap: needsFirst } = call.operation;
  let pending = isJsonObject(guarded.body) && read ? { body: guarded.body, ...read } : undefined;
  return (cap) => {
    if (!pending || !caps) return;
    const { body, document, bytes } = pending;
    pending = undefined;
    const lowered = withCaps(body, caps, { most: cap, refuses: false, needsFirst });
    if (lowered === body) return;
    inbound.body.replace(formatJsonBytes(lowered, document, bytes));
    const index = edits.findIndex((edit) => edit.startsWith(CAP));
    edits.splice(Math.max(index, 0), index < 0 ? 0 : 1, `${CAP}${cap}`);
  };
}

const CAP = "max_output_tokens=";
