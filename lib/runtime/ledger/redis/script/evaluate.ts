import type { Link } from "../nodes.ts";
import { messageOf } from "../server_errors.ts";
import type { Script } from "./script.ts";

/**
 * Runs a script on a server, which may not know it yet.
 *
 * @param link to the server
 * @param script the script
 * @param args the number of keys, the keys, and what the script reads
 * @returns its answer
 * @throws what the link throws, as a rejection
 */
export async function evaluate(
  link: Link,
  { hash, text }: Script,
  args: readonly string[],
): Promise<unknown> {
  try {
    return await link.send("EVALSHA", [hash, ...args]);
  } catch (error) {
    // The server has started again, or its scripts were flushed. It has executed nothing.
    if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
    return link.send("EVAL", [text, ...args]);
  }
}
