/**
 * Names the failure of a request that got no response.
 *
 * @param error that `fetch` threw
 * @returns the code of the operating system or the runtime, such as `ECONNREFUSED`; else the name of the error
 */
export function failureCode(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : String(name);
}
