/**
 * Finds a port on which nothing listens.
 *
 * @param hostname the address; empty: all interfaces
 * @returns the port, which another process may take at any time
 */
export async function freePort(hostname: string): Promise<number> {
  const probe = Bun.serve({ hostname, port: 0, fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  return port!;
}
