import { NotExecutedError } from "../../../gateway/ledger/store.ts";
import type { Link, Nodes } from "./nodes.ts";
import { messageOf } from "./server_errors.ts";

/**
 * Asks the server that has an app, and reports an error, because another server may have it now.
 *
 * @param nodes the servers
 * @param app the id
 * @param ask sends a command on the connection to the server
 * @returns its answer
 * @throws as a rejection: NotExecutedError when there is no connection, and what `ask` throws
 */
export async function askServer<Answer>(
  nodes: Nodes,
  app: string,
  ask: (link: Link) => Promise<Answer>,
): Promise<Answer> {
  const link = nodes.linkFor(app);
  if (!link) throw new NotExecutedError("the store is not connected");
  try {
    return await ask(link);
  } catch (error) {
    nodes.failed(link, messageOf(error));
    throw error;
  }
}
