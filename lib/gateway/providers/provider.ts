/** The API providers that the gateway treats specially. */
export const PROVIDERS = [
  "openai",
  "azure",
  "anthropic",
  "google",
  "vertex",
  "bedrock",
  "mcp",
] as const;

/** One of {@link PROVIDERS}. */
export type ProviderName = (typeof PROVIDERS)[number];

const HOSTS: readonly (readonly [ProviderName, RegExp])[] = [
  ["openai", /^api\.openai\.com$/],
  ["azure", /^[^.]+\.openai\.azure\.com$/],
  ["anthropic", /^api\.anthropic\.com$/],
  ["google", /^generativelanguage\.googleapis\.com$/],
  ["vertex", /^(?:[a-z]+(?:-[a-z]+\d+)?-)?aiplatform\.googleapis\.com$/],
  ["bedrock", /^bedrock-runtime(?:-fips)?\.[a-z\d-]+\.amazonaws\.com(?:\.cn)?$/],
];

/** The providers whose APIs are Google's, with its forms of errors and streams. */
export const OF_GOOGLE: readonly (ProviderName | undefined)[] = ["google", "vertex"];

/**
 * The provider of the API at a host.
 *
 * @param hostname in the form of `URL.hostname`
 * @returns `undefined` when the host is unknown
 */
export function providerOf(hostname: string): ProviderName | undefined {
  // A trailing dot, for the DNS root, does not change the host.
  const name = hostname.replace(/\.$/, "");
  return HOSTS.find(([, hosts]) => hosts.test(name))?.[0];
}

/**
 * The provider of the API that a rule is for: the one that the rule names, otherwise that of the host.
 *
 * @param rule with its `provider`, if it names one
 * @param url of the request to the API, or of the rule; `undefined` when there is none
 * @returns `undefined` when it is unknown
 */
export function providerOfRule(
  { provider }: { provider?: ProviderName },
  url: URL | undefined,
): ProviderName | undefined {
  return provider ?? (url && providerOf(url.hostname));
}
