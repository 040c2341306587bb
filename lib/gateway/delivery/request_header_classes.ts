import { foldName, hyphenateName } from "../model/header_name.ts";
import { createNameMemory, type HeaderClass, treatmentsOf } from "./header_classes.ts";

/** How a request header is restricted: it is never forwarded, only when it is signed, or only when the rule names it. */
export type RequestTreatment = "never" | "when_signed" | "when_passed";

/**
 * The request headers with restrictions. Names are compared by letters and digits alone. For prefixes, every
 * other character is read as `-`, because CGI and many frameworks do not distinguish these characters.
 */
export const REQUEST_HEADER_CLASSES: readonly HeaderClass<RequestTreatment>[] = [
  {
    treatment: "never",
    reason: "are set again for the outbound request, or are only for this gateway",
    names: "host content-length expect",
    prefixes: "sec-websocket-",
  },
  {
    treatment: "never",
    // Other fields of responses pass: in a request they mean nothing, or what an API of its own makes of them (RFC 9110, section 5.1).
    reason:
      "are for responses (RFC 6265, section 4.1), may stand on many lines that cannot be joined, and are sent by no page (Fetch, section 2.2.2)",
    names: "set-cookie set-cookie2",
  },
  {
    treatment: "never",
    reason: "reveal to one upstream what another one stored in the browser (RFC 9842)",
    names: "available-dictionary dictionary-id",
  },
  {
    treatment: "never",
    reason:
      "tell the trace of the caller to third parties; a rule with `propagate` sends the gateway's own",
    names: `b3 baggage correlation-context elastic-apm-traceparent grpc-tags-bin grpc-trace-bin jaeger-baggage
      jaeger-debug-id newrelic sentry-trace sw8 sw8-correlation sw8-x traceparent traceresponse tracestate
      uber-trace-id x-amzn-trace-id x-cloud-trace-context x-dynatrace x-honeycomb-trace x-ot-span-context`,
    prefixes: "ot-baggage- ot-tracer- uberctx- x-b3- x-datadog- x-instana- x-newrelic-",
  },
  {
    treatment: "never",
    reason: "become the variable HTTP_PROXY in CGI programs (https://httpoxy.org)",
    names: "proxy",
  },
  {
    treatment: "when_passed",
    reason: "make a storage read another object, with the rights of the operator's credential",
    prefixes: "x-amz-copy-source x-goog-copy-source x-ms-copy-source",
  },
  {
    treatment: "when_signed",
    reason: "describe the browser, its user and the page",
    names: "cookie cookie2 origin ping-from ping-to referer referer-root",
    prefixes: "sec-fetch-",
  },
  {
    treatment: "when_signed",
    reason: "state the address of the client and the path to this gateway, as only a proxy may",
    names: `cdn-loop cf-connecting-ip cf-connecting-ipv6 cf-ipcountry cf-visitor client-ip
      fastly-client-ip fastly-ff fastly-ssl forwarded forwarded-for front-end-https proxy-client-ip
      true-client-ip via x-azure-clientip x-azure-fdid x-azure-socketip x-client-ip
      x-cluster-client-ip x-forward-for x-host x-originating-ip x-proxyuser-ip x-scheme x-url-scheme`,
    prefixes: "cloudfront- wl-proxy- x-appengine- x-forwarded x-real-",
  },
  {
    treatment: "when_signed",
    reason: "identify the caller, as if a proxy had authenticated it",
    names: `cf-access-authenticated-user-email cf-access-jwt-assertion client-cert client-cert-chain
      concealed-auth-export x-anonymous-consumer x-client-cert x-credential-identifier
      x-goog-iap-jwt-assertion x-jwt-assertion`,
    prefixes: `remote- ssl-client- tailscale- x-amzn-oidc- x-arr- x-auth-request- x-authenticated-
      x-authentik- x-consumer- x-goog-authenticated-user- x-ms-client-principal x-ms-token-
      x-pomerium- x-remote- x-ssl- x-tls-client- x-vouch- x-webauth-`,
  },
  {
    treatment: "when_signed",
    reason: "would override the checked host, path or method on servers that support them",
    names: `http-method-override l5d-dst-override method-override x-http-host-override x-matched-path
      x-method-override x-script-name`,
    prefixes: "x-http-method x-invoke- x-original- x-rewrite-",
  },
  {
    treatment: "when_signed",
    reason: "give commands to a proxy, a server or a framework on the way to the upstream",
    names: "proxy-features proxy-instruction",
    prefixes: `surrogate- x-accel- x-envoy- x-lighttpd- x-litespeed- x-middleware- x-reproxy-
      x-sendfile`,
  },
];

const treatmentOf = treatmentsOf(REQUEST_HEADER_CLASSES, foldName);

/** The forms of a request header's name for comparisons, and its treatment. */
export interface RequestName {
  /** From {@link foldName}. */
  folded: string;
  /** From {@link hyphenateName}. */
  hyphenated: string;
  /** `undefined`: it is forwarded. */
  treatment: RequestTreatment | undefined;
}

/** Looks up a name in lower case. */
export const requestName = createNameMemory((name): RequestName => {
  const hyphenated = hyphenateName(name);
  return { folded: foldName(name), hyphenated, treatment: treatmentOf(hyphenated) };
});
