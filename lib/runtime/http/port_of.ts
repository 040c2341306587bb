/**
 * Returns the port of an http or https URL.
 *
 * @param url whose port may be left out
 * @returns the port; 443 or 80 when it is that of the scheme
 */
export function portOf({ port, protocol }: Pick<URL, "port" | "protocol">): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
