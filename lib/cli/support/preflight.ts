/**
 * The method and the headers of a request that every gateway answers by itself: a CORS preflight, whatever its apps, routes
 * and rules are.
 */
export const PREFLIGHT = {
  method: "OPTIONS",
  headers: { Origin: "null", "Access-Control-Request-Method": "GET" },
};
