import type { Socket } from "node:net";
import type { HttpMessage } from "../../support/http_message.ts";
import { createHttpReader, type HttpEvent } from "../../support/http_reader.ts";
import { digestOf, withoutComments } from "./bodies.ts";
import type { Ending, Observed } from "./ledger.ts";
import type { Plan } from "./plan.ts";
import { breakOff, sendAll } from "./socket.ts";

// Far above every limit that the gateway is started with.
const PATIENCE_MS = 20_000;

/** What came of one exchange, and whether the connection can carry another. */
export interface Conversation {
  observed: Observed;
  reusable: boolean;
}

/**
 * Sends one request on a connection, reads its answer, and leaves in the middle if that is planned.
 *
 * @param socket a connection on which nothing is under way
 * @param plan how the client behaves
 * @param request the request in the pieces in which it is sent
 */
export async function converse(
  socket: Socket,
  plan: Plan,
  request: readonly Uint8Array[],
): Promise<Conversation> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const body: Buffer[] = [];
  let head: HttpMessage | undefined;
  let complaint: string | undefined;
  let isWhole = false;
  const reader = createHttpReader({ isResponse: true });
  const take = (event: HttpEvent): void => {
    if (event.kind === "body") return void body.push(event.bytes);
    if (event.kind === "head") {
      if (head) throw new Error(`a second answer: ${event.head.startLine}`);
      head = event.head;
      return;
    }
    isWhole = true;
    resolve("whole");
  };
  const onData = (bytes: Buffer): void => {
    try {
      for (const event of reader.push(bytes)) take(event);
    } catch (error) {
      complaint = String(error);
      resolve("malformed");
    }
  };
  const onClose = (): void => {
    for (const event of reader.close()) take(event);
    resolve(isWhole ? "whole" : head ? "cut" : "no_answer");
  };
  socket.on("data", onData).on("end", onClose).on("close", onClose);
  const patience = setTimeout(resolve, PATIENCE_MS, "hung");
  const leaving =
    plan.leaveAfter === undefined ? undefined : setTimeout(resolve, plan.leaveAfter, "left");

  let isSent = false;
  void sendAll(socket, request, plan.pause).then((sent) => (isSent = sent));
  const ending = await promise;
  clearTimeout(patience);
  clearTimeout(leaving);
  if (ending === "left") breakOff(socket, plan.ending);
  socket.off("data", onData).off("end", onClose).off("close", onClose);
  const observed = describe(plan, ending, head, Buffer.concat(body));
  const stays = head !== undefined && !head.all("connection").some((it) => /close/i.test(it));
  const reusable = ending === "whole" && isSent && stays && !socket.destroyed;
  if (!reusable && ending !== "left") socket.destroy();
  return { observed: { ...observed, ...(complaint !== undefined && { complaint }) }, reusable };
}

function describe(
  { kind }: Plan,
  ending: Ending,
  head: HttpMessage | undefined,
  body: Buffer,
): Observed {
  if (!head) return { ending };
  const [type = ""] = head.all("content-type");
  const [code] = /json/.test(type) ? (/"code":"(\w+)"/.exec(body.toString()) ?? []).slice(1) : [];
  const content = kind === "events" && head.status === 200 ? withoutComments(body) : body;
  return {
    ending,
    status: head.status,
    requestId: head.all("x-sw-request-id")[0],
    echo: head.all("x-soak")[0],
    ...(ending === "whole" && { digest: digestOf(content) }),
    ...(head.status !== 200 && { code: code ?? `status_${head.status}` }),
  };
}
