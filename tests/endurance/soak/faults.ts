import type { Socket } from "node:net";
import { encodeAnswer } from "./answer.ts";
import type { Plan } from "./plan.ts";
import { breakOff, send, sendAll } from "./socket.ts";

/**
 * Answers a request that has arrived whole, and lets the fault of its plan strike.
 *
 * @param socket where the answer goes
 * @param plan says what goes wrong, and where
 * @param body of the answer, if nothing did
 * @returns when nothing more will be written
 */
export async function answerWithFault(socket: Socket, plan: Plan, body: Buffer): Promise<void> {
  const { head, pieces } = encodeAnswer(plan, body);
  const pause = plan.fault === "slow" ? Math.max(plan.pause, 5) : plan.pause;
  const all = [head, ...pieces];
  const at = plan.at === 0 ? 0 : 1 + Math.floor(plan.at * pieces.length);
  const [first, rest] = [all.slice(0, at), all.slice(at)];
  const [next = Buffer.alloc(0)] = rest;
  const half = next.subarray(0, next.length >> 1);
  switch (plan.fault) {
    case "stall":
      if (!(await sendAll(socket, first, pause))) return;
      await Bun.sleep(plan.stall);
      return void (await sendAll(socket, rest, pause));
    case "silence":
      if (await sendAll(socket, [...first, half], pause)) await closed(socket);
      return;
    case "reset":
    case "fin":
      if (!(await sendAll(socket, [...first, half], pause))) return;
      return breakOff(socket, plan.fault);
    case "garbage":
      await sendAll(socket, first, pause);
      await send(socket, garbage(plan, at));
      return breakOff(socket, "fin");
    case "close_after":
      if (await sendAll(socket, all, pause)) breakOff(socket, plan.ending);
      return;
    case "unasked_answer":
      await sendAll(socket, all.slice(0, -1), pause);
      await send(socket, Buffer.concat([all.at(-1)!, unasked(plan)]));
      return;
    default:
      await sendAll(socket, all, pause);
  }
}

/** An answer that does not wait for the end of the upload. */
export function earlyAnswer({ number }: Plan): string {
  const lines = ["HTTP/1.1 413 Too Large", `X-Soak: ${number}`, "Content-Length: 2"];
  return [...lines, "Connection: close", "", "no"].join("\r\n");
}

// In a body that is framed by its length, garbage would be part of the body.
function garbage({ kind }: Plan, at: number): Buffer {
  if (at === 0) return Buffer.from("HTTP/1.1 2x0 OK\r\n\r\n");
  return Buffer.from(kind === "events" || kind === "chunked_download" ? "zz\r\n\r\n" : "");
}

function unasked({ number }: Plan): Buffer {
  const text = `HTTP/1.1 200 OK\r\nX-Soak: unasked-${number}\r\nContent-Length: 7\r\n\r\nunasked`;
  return Buffer.from(text);
}

function closed(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
