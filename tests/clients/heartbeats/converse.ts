import { CONVERSATIONS } from "./conversations.ts";

/** What a client yielded, and the error that it ended in, with the members that its users read. */
async function outcomeOf(client: string, base: string): Promise<object> {
  let text = "";
  try {
    for await (const piece of CONVERSATIONS[client]!(base)) text += piece;
    return { text };
  } catch (error) {
    return { text, error: String(error).slice(0, 200), thrown: membersOf(error) };
  }
}

function membersOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { value: error };
  const { status, statusCode, code, type, isRetryable } = error as unknown as Record<
    string,
    unknown
  >;
  const { name } = error.constructor;
  return { name, status: status ?? statusCode, code, type, isRetryable };
}

// Names of clients and the base URL of each: all talk at once.
const clients = JSON.parse(process.argv[2] ?? "[]") as [client: string, base: string][];
const outcomes = clients.map(([client, base]) => outcomeOf(client, base));
console.log(JSON.stringify(await Promise.all(outcomes)));
