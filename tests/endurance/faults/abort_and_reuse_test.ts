import { describe, expect, test } from "bun:test";
import { createRandom, printedSeed } from "../../support/random.ts";
import { openSigned } from "../../support/by_path.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { startLightUpstream } from "../../support/light_upstream.ts";
import { chunk, respond } from "../../support/raw_upstream.ts";

const PAIRS = process.env["SIGNWAY_LONG_TESTS"] ? 2000 : 1000;
const AT_ONCE = 32;
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/** The body says whom it belongs to, and is small or long, whole or in chunks. */
function bodyOf(path: string): string {
  return `<${path}>`.repeat(path.endsWith("long") ? 8000 : 3);
}

describe("after an abort the next answers on the pool are their own", () => {
  const seed = printedSeed("aborts");
  test.each([1, 2])("with %i workers", async (workers) => {
    const random = createRandom(seed);
    await using upstream = await startLightUpstream(async (socket, path) => {
      const body = bodyOf(path);
      if (path.endsWith("whole")) return socket.write(respond(body));
      socket.write(CHUNKED + chunk(body.slice(0, 10)));
      await Bun.sleep(2);
      return socket.write(chunk(body.slice(10)) + chunk(""));
    });
    const args = ["--upstream", upstream.url, "--workers", String(workers)];
    await using gateway = await startGateway({ args });
    const strangers: string[] = [];
    await inParallel(PAIRS, AT_ONCE, async (number) => {
      const kinds = ["whole", "long", "chunked"] as const;
      await abort(gateway, `${upstream.url}/a/${number}/${random.pick(kinds)}`, random.below(6));
      const path = `/b/${number}/${random.pick(kinds)}`;
      using client = await openSigned(gateway, upstream.url + path);
      const { status, body } = await client.response();
      if (status !== 200 || body.toString() !== bodyOf(path)) strangers.push(`${path} ${status}`);
    });
    expect(strangers).toEqual([]);
    const outcomes = gateway.records().map(({ outcome }) => outcome);
    // Both happened: exchanges that were left, and more than the second half that were not.
    expect(outcomes.filter((it) => it === "client_gone").length).toBeGreaterThan(PAIRS / 20);
    expect(outcomes.filter((it) => it === "complete").length).toBeGreaterThanOrEqual(PAIRS);
  });
});

async function abort(gateway: Gateway, target: string, afterMs: number): Promise<void> {
  using client = await openSigned(gateway, target);
  if (afterMs > 0) await Bun.sleep(afterMs - 1);
  if (afterMs % 2) client.reset();
}
