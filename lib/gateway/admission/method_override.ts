import type { InboundRequest } from "../inbound.ts";
import { isNamed, parameterPattern } from "../model/parameter_names.ts";
import { GatewayError } from "../problem/gateway_error.ts";

// CGI and many frameworks read every character except letters and digits as a hyphen, or leave it out.
const OVERRIDING_HEADER =
  /^[^a-z0-9]*(?:x[^a-z0-9]*http[^a-z0-9]*method|(?:x[^a-z0-9]*)?(?:http[^a-z0-9]*)?method[^a-z0-9]*override)/;

// PHP reads some characters as an underscore. Salesforce reads `_HttpMethod`, other servers the names of the headers.
const OVERRIDING_PARAMETER = parameterPattern(
  [
    String.raw`[_.[ ](?:http[-_. ]?)?method`,
    String.raw`\$(?:httpmethod|httpheaders|ct)`,
    String.raw`x[-_. ]?http[-_. ]?method`,
    String.raw`(?:x[-_. ]?)?(?:http[-_. ]?)?method[-_. ]?override`,
  ].join("|"),
);

// Every such name contains one of these, escaped or not. Most queries contain none.
const MAY_OVERRIDE = /[$%]|method/i;

/**
 * Refuses headers and query parameters by which some servers replace the method or the headers of a request
 * after the gateway has checked them. Google's APIs read the parameters that begin with `$`.
 *
 * @param inbound the request
 * @throws GatewayError `override_refused`
 */
export function assertNoOverride({ request, target: { query } }: InboundRequest): void {
  // An iterator would make two objects for each header.
  request.headers.forEach((_, name) => {
    if (OVERRIDING_HEADER.test(name)) throw new GatewayError("override_refused");
  });
  if (!MAY_OVERRIDE.test(query)) return;
  // Some servers split a query at semicolons, too.
  for (const part of query.split(/[&;]/)) {
    if (isNamed(part, OVERRIDING_PARAMETER)) throw new GatewayError("override_refused");
  }
}
