import { type App, signUrl } from "../../lib/mod.ts";
import { assembleGateway } from "../../lib/runtime/create_gateway.ts";

/** Event streams of a gateway that are open. */
export interface OpenStreams extends AsyncDisposable {
  /** How many objects of each class are alive for each of them. A class of the runtime counts what others made, too. */
  objects: () => Record<string, number>;
}

// The gateway takes an exchange for a long one after 50 ms.
const LONG_MS = 150;

const GATEWAY = "http://gateway.test";
const UPSTREAM = new URL("http://127.0.0.1/v1");
const CREDENTIAL = { id: "an-app", secret: "a-secret-of-a-test-with-32-bytes" };
const APP: App = {
  id: CREDENTIAL.id,
  secrets: [CREDENTIAL.secret],
  upstreams: [{ url: UPSTREAM, headers: [["Authorization", "Bearer a-key"]] }],
};
const HEADERS = { "Content-Type": "text/event-stream" };
const EVENT = new TextEncoder().encode("data: 1\n\n");

/**
 * Opens event streams, each of which has sent its first event.
 *
 * @param count how many
 */
export async function openStreams(count: number): Promise<OpenStreams> {
  const gateway = assembleGateway(
    { sources: { findApp: () => APP } },
    { fetchUpstream: () => Promise.resolve(new Response(endless(), { headers: HEADERS })) },
  );
  const before = countObjects();
  const readers: ReadableStreamDefaultReader[] = [];
  for (let stream = 0; stream < count; stream++) {
    readers.push(await openStream(gateway, stream));
  }
  await Bun.sleep(LONG_MS);
  return {
    objects() {
      const found = Object.entries(countObjects());
      return Object.fromEntries(
        found.map(([name, now]) => [name, Math.round((now - (before[name] ?? 0)) / count)]),
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(readers.map((reader) => reader.cancel()));
    },
  };
}

async function openStream(gateway: (request: Request) => Promise<Response>, stream: number) {
  const url = await signUrl(`${UPSTREAM.href}/${stream}`, { ...CREDENTIAL, gateway: GATEWAY });
  const { body } = await gateway(new Request(url));
  const reader = body!.getReader();
  await reader.read();
  return reader;
}

/** A body that sends one event and then is silent. */
function endless(): ReadableStream {
  return new ReadableStream({ start: (controller) => controller.enqueue(EVENT) });
}

/** How many objects of each class are alive. */
function countObjects(): Record<string, number> {
  Bun.gc(true);
  const { snapshot, nodes, strings } = JSON.parse(Bun.generateHeapSnapshot("v8"));
  const fields: readonly string[] = snapshot.meta.node_fields;
  const name = fields.indexOf("name");
  const counts: Record<string, number> = {};
  for (let node = 0; node < nodes.length; node += fields.length) {
    const key = strings[nodes[node + name]];
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
