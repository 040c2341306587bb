import type { Bytes } from "../body/relay.ts";
import type { UsageReader } from "../model/usage.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Reads the usage from an upstream's answer while it is relayed, and records it when the exchange ends.
 *
 * @param response with its body unread
 * @param transfer of the exchange
 * @returns the response to relay, with the same bytes
 */
export function readUsage(response: Response, { exchange, checked }: Transfer): Response {
  const reading = checked?.usage;
  const reader = response.body ? reading?.readerFor(response) : undefined;
  if (!reading || !reader) return response;
  exchange.onEnd(() => {
    const usage = reader.report();
    if (usage) exchange.used(usage, reading.costOf(usage));
  });
  const { status, headers } = response;
  return new Response(readPieces(response.body!, reader), { status, headers });
}

function readPieces(source: ReadableStream<Bytes>, usage: UsageReader): ReadableStream<Bytes> {
  const reader = source.getReader();
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        usage.read(value);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
