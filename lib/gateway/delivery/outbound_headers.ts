import type { InboundRequest } from "../inbound.ts";
import type { Admission } from "../model/grant.ts";
import { isPassed } from "../model/is_passed.ts";
import { isRoute } from "../model/route.ts";
import type { InjectedHeader } from "../model/rule.ts";
import type { Trace } from "../record/trace.ts";
import { passedTracestate } from "../record/tracestate.ts";
import { withheldHeaders } from "./caller_credentials.ts";
import { forwardedHeaders } from "./forwarded_headers.ts";
import { outboundRequestHeaders } from "./request_headers.ts";
import type { Transfer } from "./transfer.ts";

// A body that was checked is written as this type.
const JSON_TYPE: InjectedHeader = ["Content-Type", "application/json"];

/**
 * The headers of the request to the upstream.
 *
 * @param transfer an admitted request
 * @throws GatewayError `headers_too_large`, `request_malformed`
 */
export function outboundHeaders({ inbound, admission, checked, exchange }: Transfer): Headers {
  const { grant, target } = admission;
  const injected = injectedHeaders(inbound, admission);
  const headers = checked?.hasBody ? [JSON_TYPE, ...injected] : injected;
  const outbound = outboundRequestHeaders(inbound.request.headers, headers, {
    signed: grant.coveredHeaders,
    withheld: withheldHeaders(admission, checked),
    token: grant.token,
    isForwarded: checked?.isForwardedHeader,
    isPassed: (name) => isPassed(target.rule, name),
    kept: target.rule.aws && "x-amz-",
  });
  // The runtime would ask for codings of its own.
  if (checked?.isForwardedHeader && !outbound.has("accept-encoding")) {
    outbound.set("accept-encoding", "identity");
  }
  if (target.rule.propagate && exchange.trace) {
    addTraceContext(outbound, inbound.request.headers, exchange.trace);
  }
  return outbound;
}

/** The vendors' state belongs to the trace of the caller (W3C Trace Context, section 3.3). */
function addTraceContext(outbound: Headers, inbound: Headers, trace: Trace): void {
  outbound.set("traceparent", trace.traceparent);
  const state = trace.parent && passedTracestate(inbound.get("tracestate") ?? "");
  if (state !== undefined) outbound.set("tracestate", state);
}

function injectedHeaders(
  inbound: InboundRequest,
  { grant: { principal, credential }, target: { rule } }: Admission,
): readonly InjectedHeader[] {
  const { headers, subjectHeader } = rule;
  if (isRoute(principal)) return [...forwardedHeaders(inbound), ...headers];
  if (subjectHeader === undefined || credential.subject === undefined) return headers;
  return [...headers, [subjectHeader, credential.subject]];
}
