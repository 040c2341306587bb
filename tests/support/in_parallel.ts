/** Runs a task for each number below the count, so many at a time. */
export async function inParallel(
  count: number,
  atOnce: number,
  task: (number: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
