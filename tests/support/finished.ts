import type { Subprocess } from "bun";

/** The end of a process. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Waits for the end of a process, and reads all that it writes meanwhile, so that no pipe fills up. */
export async function finished(child: Subprocess<any, "pipe", "pipe">): Promise<Finished> {
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}
