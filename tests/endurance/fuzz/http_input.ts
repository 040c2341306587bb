import type { Random } from "../../support/random.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { mutateOften } from "./mutate.ts";

/** Bytes for one connection, and the targets that are rightly signed in it. */
export interface HttpInput {
  bytes: Buffer;
  /** Each names the case, so that the upstream can tell whose request arrives. */
  cases: number[];
}

/** Where signed requests lead: the gateway, and the upstream with a path that ends in `/`. */
export interface Addresses {
  gateway: string;
  upstream: string;
}

const SNIPPETS = [
  ...["\r\n", "\n", "\r", "\r\n\r\n", "\r\n ", "\r\n\t", "\0", " ", "\t", "\x7f", "\xff", ":"],
  ...["\r\nContent-Length: 2", "\r\nContent-Length: 3", "\r\nContent-Length: 2, 3"],
  ...["\r\nContent-Length: -1", "\r\nContent-Length: +2", "\r\nContent-Length: 0x2"],
  ...["\r\nContent-Length: 99999999999999999999", "\r\nContent-Length : 2"],
  ...["\r\nTransfer-Encoding: chunked", "\r\nTransfer-Encoding: xchunked"],
  ...["\r\nTransfer-Encoding: chunked, identity", "\r\nTransfer-Encoding:\r\n chunked"],
  ...["\r\nTransfer-Encoding: \x0bchunked", "\r\nTransfer_Encoding: chunked"],
  ...["0\r\n\r\n", "2\r\nok\r\n", "2;a=b\r\nok\r\n", ";a", "-2\r\n", "fffffffffffffffff\r\n"],
  ...[
    "\r\nHost: b",
    "\r\nHost:",
    "\r\nConnection: close, X-Key",
    "\r\nX-Key: mine",
    "\r\nX_Key: mine",
  ],
  ...["\r\nExpect: 100-continue", "\r\nUpgrade: h2c", "\r\nUpgrade: websocket", "\r\nTE: trailers"],
  ...["\r\nOrigin: null\r\nAccess-Control-Request-Method: GET", "\r\nRange: bytes=0-"],
  ...["GET / HTTP/1.1\r\nHost: b\r\n\r\n", "HTTP/1.0", "HTTP/2.0", "HTTP/1.1 200 OK\r\n\r\n"],
  ...["http://evil.example/", "//", "\\", "*", "#", "%00", "%2e%2e/", "%C0%AF", "\xed\xa0\x80"],
  ...["A".repeat(9_000), `\r\nX-Long: ${"b".repeat(17_000)}`, "\r\nX-Many: 1".repeat(250)],
];

/** A request or two for the gateway, most of them changed in a few places. */
export function randomInput(random: Random, nextCase: () => number, to: Addresses): HttpInput {
  const cases: number[] = [];
  const target = (method: string, body?: string): string => {
    const number = nextCase();
    cases.push(number);
    const signed = body === undefined ? {} : { body, headers: { "content-length": "2" } };
    return signedTarget(to.gateway, `${to.upstream}${number}`, { method, ...signed });
  };
  const one = random.pick([
    () => requestBytes("GET", target("GET")),
    () => requestBytes("POST", target("POST"), { body: "ok" }),
    () => requestBytes("POST", target("POST", "ok"), { body: "ok" }),
    () => requestBytes("PUT", target("PUT"), { headers: CHUNKED, body: "2\r\nok\r\n0\r\n\r\n" }),
    () => requestBytes("DELETE", target("DELETE")),
    () => requestBytes("GET", "/"),
    () => requestBytes("OPTIONS", "/", { headers: PREFLIGHT }),
  ]);
  const requests = Array.from({ length: 1 + random.below(2) }, one);
  const text = Buffer.concat(requests).toString("latin1");
  const isChanged = random.below(10) > 0;
  const changed = isChanged ? mutateMessage(text, random) : text;
  return { bytes: Buffer.from(changed, "latin1"), cases };
}

/** Changes lines as a whole half of the time, because most other changes hit the long signed target. */
function mutateMessage(text: string, random: Random): string {
  return random.below(2) ? mutateOften(text, random, 3, SNIPPETS) : mutateLines(text, random);
}

function mutateLines(text: string, random: Random): string {
  const lines = text.split("\r\n");
  for (let i = random.below(3); i >= 0; i--) {
    const at = random.below(lines.length);
    const line = lines[at] ?? "";
    random.pick([
      () => lines.splice(at, 1),
      () => lines.splice(at, 0, line),
      () => lines.splice(at, 0, random.pick(lines)),
      () => lines.splice(at, 1, line + random.pick(SNIPPETS)),
      () => lines.splice(at + 1, 0, random.pick(SNIPPETS).replace(/^\r\n/, "")),
      () =>
        lines.splice(at, 1, mutateOften(line.slice(0, 40), random, 2, SNIPPETS) + line.slice(40)),
    ])();
  }
  return lines.join("\r\n");
}

const CHUNKED = ["Transfer-Encoding: chunked"];
const PREFLIGHT = ["Origin: https://a.example", "Access-Control-Request-Method: POST"];
