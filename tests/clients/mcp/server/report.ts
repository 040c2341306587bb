import type { IncomingMessage } from "node:http";

/** What the MCP server tells the process that started it. */
export interface Report {
  /** `request`: one arrived. `closed`: its client closed it early. `cancelled`: its tool was told to stop. */
  kind: "request" | "closed" | "cancelled";
  /** The value of `run` in the query: which conversation it belongs to. */
  run: string;
  method?: string | undefined;
  /** Path and query. */
  target?: string | undefined;
  headers?: IncomingMessage["headers"];
}

/** Tells of a request that arrived, or that its client closed before its response was complete. */
export function reportRequest(kind: "request" | "closed", request: IncomingMessage): void {
  const { method, url: target, headers } = request;
  send({ kind, run: runOf(target), method, target, headers });
}

/**
 * Tells that a tool was told to stop.
 *
 * @param target of the request that called it
 */
export function reportCancelled(target: string | undefined): void {
  send({ kind: "cancelled", run: runOf(target) });
}

function runOf(target = ""): string {
  return new URL(target, "http://server").searchParams.get("run") ?? "";
}

function send(report: Report): void {
  process.send?.(report);
}
