/**
 * Finds a port that nobody listens on.
 *
 * @param hostname the address; empty: all interfaces
 */
export async function freePort(hostname: string): Promise<number> {
  const probe = Bun.serve({ hostname, port: 0, fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  return port!;
}
