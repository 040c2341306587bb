const HEADERS = [
  "api-key",
  "authorization",
  "cookie",
  "proxy-authorization",
  "sec-websocket-protocol",
  "x-api-key",
  "x-goog-api-key",
  "xi-api-key",
];

const PARAMETERS = ["X-Sw-Token", "access_token", "key", "single_use_token", "token"];

/**
 * What each place of a request holds that may carry a key or a token: headers by their names, parameters of the
 * query as `?name`.
 */
export function credentialsOf(request: {
  headers: Headers;
  query: string;
}): Record<string, string> {
  const { headers } = request;
  const parameters = new URLSearchParams(request.query);
  const places = [
    ...HEADERS.map((name) => [name, headers.get(name)] as const),
    ...PARAMETERS.map((name) => [`?${name}`, parameters.get(name)] as const),
  ];
  return Object.fromEntries(places.filter((place): place is [string, string] => place[1] !== null));
}
