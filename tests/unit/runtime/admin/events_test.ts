import { expect, test } from "bun:test";
import { eventsResponse } from "../../../../lib/runtime/admin/api/events.ts";

test("the events of the admin API ask a reverse proxy to send each at once", async () => {
  const leaving = new AbortController();
  const { headers, body } = eventsResponse(async () => ({ requests: 1 }), leaving.signal);
  expect(headers.get("content-type")).toBe("text/event-stream");
  expect(headers.get("x-accel-buffering")).toBe("no");
  const reader = body!.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe('data: {"requests":1}\n\n');
  leaving.abort();
  expect(await reader.read()).toEqual({ done: true, value: undefined });
});
