import { GatewayError } from "../problem/gateway_error.ts";

const MAX_SILENCE = 600;
const PAUSE_MS = 2000;

const TYPES: Readonly<Record<string, string>> = {
  "/events": "text/event-stream",
  "/late": "application/json",
};

/**
 * Answers in place of an upstream, for who checks a deployment. `/events?silence=N` streams two events with 2 s between
 * them and one more after N seconds of silence; `/late?silence=N` answers after N seconds; all else is answered at once.
 *
 * @param target below `PROBE_ORIGIN`
 * @param signal ends the response early
 */
export async function answerProbe(target: URL, signal: AbortSignal): Promise<Response> {
  const { pathname, searchParams } = target;
  const silenceMs = Math.min(Number(searchParams.get("silence")) || 0, MAX_SILENCE) * 1000;
  const type = TYPES[pathname] ?? "application/json";
  const headers = { "Content-Type": type };
  if (pathname !== "/events") {
    if (pathname === "/late") await pause(silenceMs, signal);
    return new Response(`{"probe":true}\n`, { headers });
  }
  return new Response(streamOf(events(silenceMs, signal)), { headers });
}

async function* events(silenceMs: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode("data: first\n\n");
  await pause(PAUSE_MS, signal);
  yield encoder.encode("data: second\n\n");
  await pause(silenceMs, signal);
  yield encoder.encode("data: last\n\n");
}

/** A stream that is read one event ahead at most. */
function streamOf(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(new GatewayError("upstream_broken", "the probe was ended"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, milliseconds);
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}
