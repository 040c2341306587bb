import { eventsOf } from "./bodies.ts";
import type { Plan } from "./plan.ts";

/** An answer as bytes: its head, and its body in the pieces in which it is sent. */
export interface Answer {
  head: Buffer;
  pieces: Buffer[];
}

/**
 * Writes the answer of an exchange.
 *
 * @param plan says how it is framed, and in how many pieces
 * @param body the whole of it
 */
export function encodeAnswer(plan: Plan, body: Buffer): Answer {
  const isChunked = plan.kind === "events" || plan.kind === "chunked_download";
  const type = { events: "text/event-stream", json: "application/json" }[plan.kind as string];
  const head = [
    "HTTP/1.1 200 OK",
    `Content-Type: ${type ?? "application/octet-stream"}`,
    `X-Soak: ${plan.number}`,
    isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${body.length}`,
    "\r\n",
  ].join("\r\n");
  const parts = plan.kind === "events" ? eventsOf(plan) : split(body, plan.pieces);
  return {
    head: Buffer.from(head),
    pieces: isChunked ? [...parts.map(chunk), Buffer.from("0\r\n\r\n")] : parts,
  };
}

/** Cuts a body into about so many pieces of about one size; none of them is empty. */
export function split(body: Buffer, count: number): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / count));
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) pieces.push(body.subarray(at, at + size));
  return pieces;
}

/** One chunk of a chunked body. */
export function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from("\r\n"),
  ]);
}
