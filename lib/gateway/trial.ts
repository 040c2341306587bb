import { accept, type AcceptanceParts } from "./accept.ts";
import type { Bytes } from "./body/relay.ts";
import type { UploadLimits } from "./body/upload_limits.ts";
import { type ClientInfo, InboundRequest } from "./inbound.ts";
import { countedRequest } from "./ledger/counted_request.ts";
import { bodyLimit } from "./model/body_limit.ts";
import type { Admission } from "./model/grant.ts";
import type { UpstreamRule } from "./model/rule.ts";
import { Exchange, type ExchangeOptions } from "./record/exchange.ts";
import { type RefusalOptions, refusalResponse } from "./refusal.ts";

/** The parts of {@link createTrial}: those of the gateway without its ledger and its delivery. */
export interface TrialParts extends AcceptanceParts {
  exchange: Omit<ExchangeOptions, "observer">;
  refusal: RefusalOptions;
  uploadLimits: UploadLimits;
}

/** A request that the gateway would forward. */
export interface TriedRequest {
  method: string;
  /** The URL of the upstream, as it would be called. */
  target: URL;
  /** The rule of the target, with the credentials that would be added. */
  rule: UpstreamRule;
  /** The edits that the client would be told of, such as `max_output_tokens=800`. */
  edits: readonly string[];
  /** The body that would be sent; absent when there is none. */
  body?: Bytes;
}

/** Tries a request. It returns the response if the gateway would refuse it. */
export type TryRequest = (
  request: Request,
  client?: ClientInfo,
) => Promise<TriedRequest | Response>;

/**
 * Creates a function that takes requests through the steps of the gateway until delivery, and sends nothing to an
 * upstream. Nothing is counted or recorded.
 *
 * @param parts of the gateway
 */
export function createTrial(parts: TrialParts): TryRequest {
  return async (request, client = {}) => {
    const exchange = new Exchange(request, { ...parts.exchange, observer: { end() {} } });
    const inbound = new InboundRequest(request, client, parts.uploadLimits);
    try {
      const accepted = await accept(parts, inbound, exchange);
      if (accepted instanceof Response) return accepted;
      const { admission, checked } = accepted;
      // For its refusals: nothing is counted.
      countedRequest(admission, checked?.bound);
      const body = await bodyOf(inbound, admission);
      exchange.headReady(0);
      exchange.end("complete");
      return {
        method: request.method,
        target: admission.target.url,
        rule: admission.target.rule,
        edits: checked?.edits ?? [],
        ...(body && { body }),
      };
    } catch (error) {
      const principal = await parts.admission.claims(inbound);
      const refused = {
        inbound,
        exchange,
        principal,
        hasJwt: () => parts.admission.hasJwt(inbound),
      };
      return refusalResponse(error, refused, parts.refusal);
    }
  };
}

/** The body as delivery would send it, within its limits. */
async function bodyOf({ body }: InboundRequest, admission: Admission): Promise<Bytes | undefined> {
  if (!body.isSendable) return undefined;
  const bytes = await body.bytes(bodyLimit(admission));
  body.endVerification();
  return bytes.length > 0 ? bytes : undefined;
}
