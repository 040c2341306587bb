import { openClient, type OpenClient, type Place } from "./open_client.ts";

/** What a client got, as plain values that one runtime can hand to another. */
export interface Outcome {
  version: string | undefined;
  tools: string[];
  echo: string;
  /** The numbers that a tool reported over two seconds. */
  progress: number[];
  /** How many notifications came from a tool that sent all of them at once. */
  many: number;
  /** The result of a tool that was silent for longer than a heartbeat takes. */
  quiet: string;
  resource: string;
  prompt: string;
  /** Whether a notification came that belongs to no call. */
  isChanged: boolean;
  /** The result of a call whose stream the server ended before it; empty where it cannot be resumed. */
  resumed: string;
  /** The error of a call that was cancelled. */
  cancelled: string;
  /** Errors that belong to no call, before it. */
  errors: string[];
}

/** How many notifications a tool sends at once. */
export const MANY = 200;

/** Where a client connects to, and what differs in its conversation. */
export interface Conversation extends Place {
  /** Whether the server can send a notification that belongs to no call. */
  hasChange: boolean;
  /** Whether a stream can be resumed. */
  hasSession: boolean;
}

/** Talks to an MCP server as a program or a page would, and leaves. */
export async function converse(conversation: Conversation): Promise<Outcome> {
  const { hasChange, hasSession, ...place } = conversation;
  const errors: string[] = [];
  let noteChange = (_: boolean): void => {};
  const change = new Promise<boolean>((resolve) => {
    noteChange = resolve;
  });
  const onError = ({ message }: Error) => errors.push(message);
  const client = await openClient(place, { onError, onChanged: () => noteChange(true) });
  const { version } = client;
  const [tools, echo, progress, many, quiet] = await Promise.all([
    client.tools(),
    client.call("echo", { text: "Grüße 🔑" }),
    progressOf(client, { steps: 9, pause: 250 }),
    progressOf(client, { steps: MANY, pause: 0 }),
    client.call("count", { steps: 1, pause: 3000 }),
  ]);
  const resource = await client.resource("notes://first");
  const prompt = await client.prompt("greet");
  if (hasChange) await client.call("change");
  const isChanged = hasChange && (await soon(change));
  const resumed = hasSession ? await client.call("hang_up") : "";
  const results = { version, tools, echo, progress, many: many.length, quiet, errors: [...errors] };
  // From here on the client complains of each notification that was on its way.
  const cancelled = await cancel(client);
  await client.endSession();
  await client.close();
  return { ...results, resource, prompt, isChanged, resumed, cancelled };
}

/** Holds several conversations at the same time. An error of one takes the place of its outcome. */
export function converseAll(
  conversations: readonly Conversation[],
): Promise<(Outcome | { error: string })[]> {
  const all = conversations.map((it) => converse(it).catch((error) => ({ error: String(error) })));
  return Promise.all(all);
}

async function progressOf(
  client: OpenClient,
  args: { steps: number; pause: number },
): Promise<number[]> {
  const seen: number[] = [];
  await client.call("count", args, { onprogress: ({ progress }) => seen.push(progress) });
  return seen;
}

/** Waits for a notification that may be lost. */
async function soon(notification: Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("there was no notification")), 30_000);
  });
  return await Promise.race([notification, late]).finally(() => clearTimeout(timer));
}

/** Cancels a call once it has begun, and returns its error. */
async function cancel(client: OpenClient): Promise<string> {
  const controller = new AbortController();
  const onprogress = () => controller.abort("enough");
  const { signal } = controller;
  const call = client.call("count", { steps: 1000, pause: 20 }, { onprogress, signal });
  return call.catch((error: Error) => error.message);
}
