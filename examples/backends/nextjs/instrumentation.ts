/** Next.js calls it once, before the server answers anything: without a secret it does not start. */
export function register(): void {
  if (!process.env.SW_SECRET) throw new Error("SW_SECRET has to be set");
}
