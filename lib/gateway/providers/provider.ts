/** The APIs of which the gateway knows more than HTTP. */
export const PROVIDERS = ["openai", "azure", "anthropic", "google"] as const;

/** One of {@link PROVIDERS}. */
export type ProviderName = (typeof PROVIDERS)[number];

const HOSTS: readonly (readonly [ProviderName, RegExp])[] = [
  ["openai", /^api\.openai\.com$/],
  ["azure", /^[^.]+\.openai\.azure\.com$/],
  ["anthropic", /^api\.anthropic\.com$/],
  ["google", /^generativelanguage\.googleapis\.com$/],
];

/**
 * The provider of the API at a host.
 *
 * @param hostname as `URL` gives it
 * @returns `undefined`: none that is known
 */
export function providerOf(hostname: string): ProviderName | undefined {
  // A name with the dot of the root at its end leads to the same place.
  const name = hostname.replace(/\.$/, "");
  return HOSTS.find(([, hosts]) => hosts.test(name))?.[0];
}
