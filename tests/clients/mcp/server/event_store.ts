import type { EventStore } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

/** Keeps the events of a session's streams, so that a client can go on where a stream broke. */
export function createEventStore(): EventStore {
  const events: { stream: string; message: Parameters<EventStore["storeEvent"]>[1] }[] = [];
  return {
    async storeEvent(stream, message) {
      return String(events.push({ stream, message }));
    },
    getStreamIdForEventId: async (id) => events[Number(id) - 1]?.stream,
    async replayEventsAfter(lastId, { send }) {
      const stream = events[Number(lastId) - 1]?.stream ?? "";
      for (const [index, event] of events.entries()) {
        const isAfter = event.stream === stream && index >= Number(lastId);
        // An event without a method, result or error only gives the stream its first id.
        if (isAfter && "jsonrpc" in event.message) await send(String(index + 1), event.message);
      }
      return stream;
    },
  };
}
