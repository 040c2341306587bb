/**
 * Finds something a test needs and the machine may lack. In CI the lack is a failure, so that no test is skipped there
 * unseen; elsewhere it is said aloud and the reason returned.
 */
export async function requirement<T>(
  name: string,
  find: () => Promise<T>,
): Promise<{ value: T } | { reason: string }> {
  try {
    return { value: await find() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (process.env["CI"]) throw new Error(`${name} is required in CI: ${reason}`, { cause });
    console.log(`skipped: ${name}: ${reason}`);
    return { reason };
  }
}
