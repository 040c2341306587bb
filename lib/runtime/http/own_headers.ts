/** The headers of requests that the gateway makes by itself, and whose answers it reads. */
export const OWN_HEADERS = {
  // The runtime would ask for an encoding that is not decoded here.
  "accept-encoding": "identity",
  "user-agent": "signway",
} as const;
