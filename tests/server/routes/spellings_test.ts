import { afterAll, describe, expect, test } from "bun:test";
import type { HttpMessage } from "../../support/http_message.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { appliedTo, ownerOf, POLICIES, routesTo, SENDERS, SIGNATURES } from "./policies.ts";
import { OTHER_SERVERS, wsgi } from "./server_models.ts";
import { SPELLINGS } from "./spellings.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({ route: routesTo(upstream.url) });

/** What became of one spelling: statuses, and what the upstream saw. */
interface Passage {
  spelling: string;
  statuses: number[];
  seen: HttpMessage[];
}

const passages = new Map<string, Passage>();
// Side by side: a header says which spelling a request at the upstream comes from.
for (const batch of batchesOf(SPELLINGS, 32)) {
  await Promise.all(batch.map(async (spelling) => passages.set(spelling, await send(spelling))));
}
for (const request of upstream.requests) {
  const number = Number(request.all("x-spelling")[0]);
  passages.get(SPELLINGS[number]!)!.seen.push(request);
}

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function send(spelling: string): Promise<Passage> {
  const number = `X-Spelling: ${SPELLINGS.indexOf(spelling)}`;
  const statuses: number[] = [];
  for (const headers of SENDERS) {
    const lines = [`GET ${spelling} HTTP/1.1`, "Host: gateway.test", number, ...headers, "", ""];
    const bytes = await exchange(gateway.port, lines.join("\r\n"));
    statuses.push(parseResponse(bytes)?.status ?? 0);
  }
  return { spelling, statuses, seen: [] };
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The route applied and the route that a server finds, wherever they differ. */
function slipped({ seen }: Passage, model: (path: string) => string): string[] {
  return seen.flatMap((request) => {
    const path = request.startLine.split(" ")[1]!.split("?")[0]!;
    const [applied, read] = [appliedTo(request), ownerOf(model(path))];
    return applied === read ? [] : [`${path} by ${applied}, read as ${model(path)} of ${read}`];
  });
}

const TABLE = [...passages.values()].map((passage) => [passage.spelling, passage] as const);

describe("no spelling reaches a WSGI server under another route's policy", () => {
  test.each(TABLE)("%j", (_, passage) => {
    // 403: the runtime cannot send it so. 505 is its word for a request line of more than three parts.
    const known = new Set([200, 400, 401, 403, 404, 505]);
    expect(passage.statuses.filter((status) => !known.has(status))).toEqual([]);
    expect(passage.statuses.filter((status) => status === 200)).toHaveLength(passage.seen.length);
    expect(slipped(passage, wsgi)).toEqual([]);
  });
});

describe("nor a server that", () => {
  test.each(Object.entries(OTHER_SERVERS))("%s", (_, model) => {
    const all = [...passages.values()].flatMap((passage) => slipped(passage, model));
    expect([...new Set(all)].slice(0, 10)).toEqual([]);
  });
});

describe("the table tries what it says", () => {
  const seen = [...passages.values()].flatMap((passage) => passage.seen);

  test("every route was reached", () => {
    const reached = new Set(seen.map(appliedTo));
    expect([...reached].sort()).toEqual(POLICIES.map(({ path }) => path).sort());
  });

  test("nobody without its secret reached a signed route", () => {
    for (const request of seen) {
      const expected = SIGNATURES[appliedTo(request)];
      if (expected) expect(request.all("signature")).toEqual([expected]);
    }
  });

  test("many spellings are refused, and the plain ones are not", () => {
    const refused = [...passages.values()].filter(({ seen }) => seen.length === 0);
    expect(refused.length).toBeGreaterThan(100);
    expect(passages.get("/users/./public/list")?.statuses).toEqual([200, 200, 200]);
    expect(passages.get("/%75sers/list")?.statuses).toEqual([401, 200, 401]);
    expect(passages.get("/users/public/dee%70/x")?.statuses).toEqual([401, 401, 200]);
  });
});
