import { appendFileSync } from "node:fs";

// Loaded before a gateway: each of its workers writes the name and the size of the messages that it sends, one a line.
const { send } = process;
const file = process.env["COUNTED_MESSAGES"];

if (send && file !== undefined && !("isCounted" in send)) {
  const counting = (message: { name?: string; kind?: string }, ...more: unknown[]) => {
    appendFileSync(file, `${message.name ?? message.kind} ${JSON.stringify(message).length}\n`);
    return Reflect.apply(send, process, [message, ...more]) as boolean;
  };
  process.send = Object.assign(counting, { isCounted: true });
}
