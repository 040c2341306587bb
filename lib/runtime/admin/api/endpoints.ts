import type { Endpoint } from "./endpoint.ts";
import { LEDGER_ENDPOINT } from "./ledger_endpoint.ts";
import { REVOCATION_ENDPOINTS } from "./revocation_endpoints.ts";
import { USAGE_ENDPOINTS } from "./usage_endpoints.ts";

/** All endpoints of the admin API that answer with JSON. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...USAGE_ENDPOINTS,
  LEDGER_ENDPOINT,
  ...REVOCATION_ENDPOINTS,
];
