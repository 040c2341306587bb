/** Waits as `waitFor` does, for a condition that takes an await to look at. */
export async function waitUntil(
  what: string,
  isSo: () => Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await Bun.sleep(50);
  }
}
