import { afterAll, describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { parseResponse } from "../../support/raw_client.ts";
import { chunk, FIN, respond, startUpstream, type Step } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const args = ["--allow-private-upstreams", "--head-timeout", "2", "--idle-timeout", "2"];
const gateways = [
  { workers: 1, gateway: await startGateway({ args }) },
  { workers: 2, gateway: await startGateway({ args: [...args, "--workers", "2"] }) },
];

afterAll(() => Promise.all(gateways.map(({ gateway }) => gateway.stop())));

const POISON = respond("poison", { headers: ["X-Poison: yes"] });
const LONG = "x".repeat(100_000);
const LAST = "0\r\n\r\n";
const NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

const ok = (...lines: string[]): string => ["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n");
const CHUNKED = ok("Transfer-Encoding: chunked");
const LENGTHS = ok("Content-Length: 5", "Content-Length: 6");
const BOTH = ok("Content-Length: 3", "Transfer-Encoding: chunked");
const OLD = CHUNKED.replace("1.1", "1.0");
const FOLDED = ok("X-Folded: a", " b", "Content-Length: 5");
const whole = (head: string, after: string): string => head + chunk("hello") + LAST + after;

/** What the upstream sends, and the one body that a client may take for the answer. */
const LIES: [name: string, steps: Step[], body: string | null][] = [
  ["a length and chunks", [whole(BOTH, POISON)], "hello"],
  ["two lengths", [`${LENGTHS}hello!${POISON}`], null],
  ["two lengths in one line", [`${ok("Content-Length: 5, 6")}hello!${POISON}`], null],
  ["a negative length", [`${ok("Content-Length: -5")}hello${POISON}`], null],
  ["a signed length", [`${ok("Content-Length: +5")}hello${POISON}`], null],
  ["a hexadecimal length", [`${ok("Content-Length: 0x5")}hello${POISON}`], null],
  ["a length past 2^64", [`${ok("Content-Length: 18446744073709551621")}hello${POISON}`], null],
  ["bytes after the end", [`${respond("hello")}stray bytes`], "hello"],
  ["bytes after a long end", [`${respond(LONG)}stray bytes`], LONG],
  ["bytes after the last chunk", [whole(CHUNKED, "stray bytes")], "hello"],
  ["bytes a moment later", [respond("hello"), 30, "stray bytes"], "hello"],
  ["a second response", [respond("hello") + POISON], "hello"],
  ["a second response after chunks", [whole(CHUNKED, POISON)], "hello"],
  ["a second response a moment later", [respond("hello"), 30, POISON], "hello"],
  ["a third and a fourth", [respond("hello"), 30, POISON.repeat(3)], "hello"],
  ["a second response after 204", [NO_CONTENT + POISON], ""],
  ["a second response after 304", [NO_CONTENT.replace("204", "304") + POISON], ""],
  ["a letter as chunk size", [`${CHUNKED}zz\r\nhello\r\n${LAST}${POISON}`], null],
  ["a bad chunk later", [CHUNKED + chunk("part"), 30, `zz\r\nhello\r\n${LAST}${POISON}`], null],
  ["a negative chunk size", [`${CHUNKED}-5\r\nhello\r\n${LAST}${POISON}`], null],
  ["a chunk size past 2^64", [`${CHUNKED}10000000000000005\r\nhello\r\n${LAST}${POISON}`], null],
  ["a chunk longer than its size", [`${CHUNKED}5\r\nhelloXX\r\n${LAST}${POISON}`], null],
  ["an unknown coding", [whole(ok("Transfer-Encoding: xchunked"), ""), FIN], null],
  ["chunked twice", [whole(ok("Transfer-Encoding: chunked, chunked"), POISON)], null],
  ["chunks in HTTP/1.0", [whole(OLD, POISON)], "hello"],
  ["a folded line", [`${FOLDED}hello${POISON}`], "hello"],
  ["a blank before the colon", [`${ok("Content-Length : 5")}hello${POISON}`], null],
];

describe.each(gateways)("with $workers workers, a lying upstream", ({ gateway }) => {
  test.concurrent.each(LIES)("%s", async (_, steps, body) => {
    await using upstream = await startUpstream(({ startLine }) => {
      const [, number] = /\/next\/(\d+)/.exec(startLine) ?? [];
      return number === undefined ? steps : [respond(`the answer to ${number}`)];
    });
    using liar = await openSigned(gateway, `${upstream.url}/lie`);
    await Promise.race([liar.closed(), liar.response()]);
    const response = parseResponse(liar.received(), true);
    if (response && response.status < 500) {
      expect([response.status, response.body.toString()]).toEqual([
        response.status,
        body as string,
      ]);
    }
    for (let number = 0; number < 6; number += 1) {
      // What comes while the connection waits in the pool is met as well. What comes when a request
      // has just gone out is its answer for every client of HTTP/1.1, so the first one waits longer.
      await Bun.sleep(number === 0 ? 300 : 20);
      const next = await signedExchange(gateway, `${upstream.url}/next/${number}`);
      expect(next.all("x-poison")).toEqual([]);
      expect([next.status, next.body.toString()]).toEqual([200, `the answer to ${number}`]);
    }
    expect(
      liar
        .received()
        .toString("latin1")
        .match(/HTTP\/1\.1 /g) ?? [],
    ).toHaveLength(response ? 1 : Number(liar.received().length > 0));
  });
});
