import { STDERR, writeText } from "./write_text.ts";

/**
 * Starts a listener. If that fails, it writes one line with the reason to stderr.
 *
 * @param address the address of the listener, for the message
 * @param start starts the listener; throws the runtime's error when it cannot listen on the address
 * @returns the result of `start`; `undefined` when it threw
 */
export function listenOrReport<T>(
  address: { host: string; port: number },
  start: () => T,
): T | undefined {
  try {
    return start();
  } catch (error) {
    const code = (error as { code?: string }).code ?? "unknown";
    writeText(STDERR, `signway: ${describeFailure(address, code)}\n`);
    return undefined;
  }
}

function describeFailure({ host, port }: { host: string; port: number }, code: string): string {
  const cause = /SSL|PEM|TLS|CERT/i.test(code) ? "with this certificate and key " : "";
  const remedy = code === "EADDRINUSE" ? ": the address is already in use" : "";
  return `cannot listen on ${host || "*"}:${port} ${cause}(${code})${remedy}`;
}
