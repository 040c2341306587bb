import { createHash, type Hash } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { HttpMessage } from "../../support/http_message.ts";
import { createHttpReader, type HttpEvent } from "../../support/http_reader.ts";
import { answerBody, receipt } from "./bodies.ts";
import { answerWithFault, earlyAnswer } from "./faults.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { isUpload } from "./plan.ts";
import { breakOff } from "./socket.ts";

/** A TCP server that answers each exchange as its plan says, faults included. */
export interface SoakUpstream {
  url: string;
  /** How many connections have an exchange that has not ended. */
  busy: () => number;
  /** What was not HTTP, or belonged to no exchange. */
  complaints: string[];
  stop: () => Promise<void>;
}

/** A request while it arrives. */
interface Arrival {
  entry: Entry;
  hash: Hash;
  size: number;
  /** The fault has struck: what comes now is no longer looked at. */
  struck: boolean;
  stalled: boolean;
}

/** Starts an upstream that finds the plan of each request in the ledger. */
export async function startSoakUpstream(ledger: Ledger): Promise<SoakUpstream> {
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  const complaints: string[] = [];

  const server = createServer((socket) => {
    sockets.add(socket);
    let arrival: Arrival | undefined;
    const reader = createHttpReader();
    const begin = (head: HttpMessage): void => {
      const entry = entryOf(head, ledger);
      if (!entry) throw new Error(`an unknown request: ${head.startLine}`);
      entry.arrivals += 1;
      busy.add(socket);
      arrival = { entry, hash: createHash("sha256"), size: 0, struck: false, stalled: false };
      if (isUpload(entry.plan)) strike(socket, arrival);
    };
    const take = (event: HttpEvent): void => {
      if (event.kind === "head") return begin(event.head);
      if (!arrival || arrival.struck) return;
      if (event.kind === "body") {
        arrival.hash.update(event.bytes);
        arrival.size += event.bytes.length;
        strike(socket, arrival);
        return;
      }
      const ended = arrival;
      const body = settle(ended);
      arrival = undefined;
      void answerWithFault(socket, ended.entry.plan, body).then(() => busy.delete(socket));
    };
    socket.on("data", (bytes: Buffer) => {
      try {
        for (const event of reader.push(bytes)) take(event);
      } catch (error) {
        complaints.push(String(error));
        socket.destroy();
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      if (arrival && isUpload(arrival.entry.plan)) arrival.entry.uploads.push("cut");
      arrival = undefined;
      sockets.delete(socket);
      busy.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    busy: () => busy.size,
    complaints,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function entryOf({ startLine }: HttpMessage, { entries }: Ledger): Entry | undefined {
  return entries.get(Number(/ \/soak\/(\d+) /.exec(startLine)?.[1]));
}

/** Notes what came of an upload and gives the body of its answer. */
function settle({ entry, hash, size }: Arrival): Buffer {
  if (!isUpload(entry.plan)) return answerBody(entry.plan);
  const digest = hash.digest("hex");
  entry.uploads.push(digest);
  return receipt(entry.plan.number, size, digest);
}

/** Lets a fault strike in the middle of an upload. */
function strike(socket: Socket, arrival: Arrival): void {
  const { plan } = arrival.entry;
  if (arrival.size < plan.at * plan.size) return;
  if (plan.fault === "stall") {
    if (arrival.stalled) return;
    arrival.stalled = true;
    socket.pause();
    setTimeout(() => socket.resume(), plan.stall);
    return;
  }
  if (!["reset", "fin", "silence", "early_answer"].includes(plan.fault)) return;
  arrival.struck = true;
  if (plan.fault === "early_answer") socket.end(earlyAnswer(plan));
  else if (plan.fault !== "silence") breakOff(socket, plan.fault as "reset" | "fin");
}
