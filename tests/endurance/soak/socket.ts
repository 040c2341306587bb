import { once } from "node:events";
import type { Socket } from "node:net";
import type { Plan } from "./plan.ts";

/** Writes when there is room, so that nothing piles up here; false once the connection has ended. */
export async function send(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  if (socket.destroyed || socket.writableEnded) return false;
  if (socket.write(bytes)) return true;
  const stop = new AbortController();
  const { signal } = stop;
  const events = ["drain", "close"].map((event) => once(socket, event, { signal }));
  // An error is followed by the close, and that is enough.
  await Promise.race(events).catch(() => {});
  for (const event of events) event.catch(() => {});
  stop.abort();
  return !socket.destroyed;
}

/** Writes pieces with a pause between them; false once the connection has ended. */
export async function sendAll(
  socket: Socket,
  pieces: readonly Uint8Array[],
  pause: number,
): Promise<boolean> {
  for (const piece of pieces) {
    if (!(await send(socket, piece))) return false;
    if (pause > 0) await Bun.sleep(pause);
  }
  return !socket.destroyed;
}

/** Ends a connection before its time. */
export function breakOff(socket: Socket, ending: Plan["ending"]): void {
  if (ending === "fin") socket.end();
  else socket.resetAndDestroy();
}
