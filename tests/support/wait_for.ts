/**
 * The first value that `find` comes up with. Tests wait for what happens, never for a time; the
 * limit is there only to turn a hang into a failure with a name.
 */
export async function waitFor<T>(
  what: string,
  find: () => T | undefined | false,
  limitMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (let pause = 1; ; pause = Math.min(pause * 1.3, 5)) {
    const found = find();
    // It would count as found at once.
    if (found instanceof Promise)
      throw new TypeError(`${what}: what takes an await is for waitUntil`);
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await Bun.sleep(pause);
  }
}
