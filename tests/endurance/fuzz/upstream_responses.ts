import { responseTreatment } from "../../../lib/gateway/delivery/response_header_classes.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { namesIn, RESPONSE_CLASSES } from "../../server/headers/field_classes.ts";
import type { Random } from "../../support/random.ts";
import { responseCorpus } from "./corpus.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { startPlayingUpstream } from "./playing_upstream.ts";
import { CANARY, NOMINATED, randomResponse, type ResponseInput } from "./response_input.ts";
import { finalHead, type Reading, readResponse } from "./response_reading.ts";
import { type Talk, talk } from "./talk.ts";
import { withGateway } from "./with_gateway.ts";

const CONNECTIONS = 64;
// A gateway's log is kept in memory.
const CASES_A_GATEWAY = 5_000;

// Far below what a client here waits for.
const ARGS = ["--allow-private-upstreams", "--head-timeout", "2", "--idle-timeout", "2"];

const { passes, framing, challenge, ...FORBIDDEN_CLASSES } = RESPONSE_CLASSES;

// Of a challenge, only that of a browser's scheme is sent here with a canary.
const FORBIDDEN = new Set(Object.values(FORBIDDEN_CLASSES).flatMap(namesIn).map(toLowerCase));

const OK: ResponseInput = {
  ...{ method: "GET", ending: "fin", cuts: [], pause: 0 },
  bytes: Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
};

/**
 * Fuzzes a started gateway with the responses of an upstream until the deadline, the corpus first.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzUpstreamResponses(
  random: Random,
  over: () => boolean,
): Promise<FuzzResult> {
  const tally = createTally("responses of upstreams");
  const corpus = responseCorpus();
  while (!over() || corpus.length > 0) {
    await using upstream = await startPlayingUpstream();
    await withGateway(tally, ARGS, async (gateway) => {
      let number = 0;
      const tryNext = async (input: ResponseInput): Promise<void> => {
        const target = upstream.play(++number, input);
        const path = signedTarget(gateway.url, target, { method: input.method });
        const said = await talk(gateway.port, requestBytes(input.method, path), {
          method: input.method,
          isPatient: true,
        });
        judge(input, said, tally);
      };
      for (const input of corpus.splice(0)) await tryNext(input);
      const worker = async (): Promise<void> => {
        while (!over() && number < CASES_A_GATEWAY) await tryNext(randomResponse(random));
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      const { status } = await signedExchange(gateway, upstream.play(++number, OK));
      if (status !== 200) tally.found("an honest response did not pass", status);
    });
  }
  return tally.result;
}

function judge(input: ResponseInput, said: Talk, tally: Tally): void {
  const text = input.bytes.toString("latin1");
  const shown = { ...input, bytes: text.slice(0, 1500), length: text.length };
  const found = (what: string): void => tally.found(what, shown);
  const { heads, wholes, complaint, hung } = said;
  const reading = readResponse(input.bytes, input.ending, input.method);
  tally.begin();
  if (hung) found("the gateway hung");
  if (complaint) found(`not an HTTP response: ${complaint}`);
  if (heads.length > 1) found("more than one response");
  for (const complaint of complaintsAbout(said)) found(complaint);
  const nominates = finalHead(input.bytes)?.head.includes(`\r\n${NOMINATED[0]}\r\n`) === true;
  if (
    reading.kind !== "odd" &&
    nominates &&
    heads.some(({ all }) => all("x-nominated").length > 0)
  ) {
    found("what Connection nominates passed");
  }
  const isWhole = wholes > 0;
  const isProblem = heads.some(({ all }) => all("x-sw-problem").length > 0);
  if (heads.some(({ status }) => status === 500) && isProblem) found("an internal error");
  const outcome = isProblem ? `problem ${heads[0]?.status}` : isWhole ? "passed" : "broke off";
  tally.count(`${reading.kind}: ${heads.length > 0 ? outcome : "closed"}`);
  if (isWhole && !isProblem) return judgePassed(reading, said, found);
  const mustPass = reading.kind === "whole" && !reading.mayBeRefused && input.ending !== "reset";
  if (mustPass) found(`a whole response: ${outcome}`);
}

/** A response that looks complete to the client has to be what the upstream sent. */
function judgePassed(reading: Reading, { heads, body }: Talk, found: (what: string) => void): void {
  const isEvents = heads[0]!.all("content-type").join().startsWith("text/event-stream");
  const plain = (text: string) => (isEvents ? text.replace(/^:.*\n/gm, "") : text);
  const isSame = (text: string) => plain(text) === plain(body);
  switch (reading.kind) {
    case "whole":
      if (heads[0]!.status !== reading.status) found(`another status: ${heads[0]!.status}`);
      if (!isSame(reading.body)) found("another body");
      return;
    case "cut":
      // The runtime takes the size of the last chunk for the end: nothing of the body is missing then.
      if (!(reading.sawLastChunk && isSame(reading.body))) found("a cut response looks complete");
      return;
    case "broken":
      found("a response with broken framing looks complete");
  }
}

/** What is wrong with the form of a response, or stands in it though it may not. */
function* complaintsAbout({ heads, bytes, body }: Talk): Generator<string> {
  for (const { head, headers, all } of heads) {
    const [line = "", ...lines] = head.slice(0, -4).split("\r\n");
    const isGood = (text: string) => /^[\w!#$%&'*+.^`|~-]+: ?[\t\x20-\x7e\x80-\xff]*$/.test(text);
    if (!/^HTTP\/1\.1 [2-5]\d\d [\t\x20-\x7e\x80-\xff]*$/.test(line))
      yield `a status line: ${line}`;
    for (const odd of lines.filter((text) => !isGood(text))) yield `a malformed header: ${odd}`;
    for (const [name, value] of headers) {
      if (value.includes(CANARY) && isForbidden(name, value)) yield `passed: ${name}`;
    }
    if (all("content-length").length + all("transfer-encoding").length > 1) yield "framed twice";
  }
  const text = bytes.toString("latin1");
  if (/^HTTP\/1\.1 1/.test(text)) yield "an interim response passed";
  const behind = heads[0] ? text.slice(heads[0].head.length) : "";
  if (behind.includes(CANARY) && !body.includes(CANARY)) yield "a trailer passed";
}

function isForbidden(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  if (lower === "www-authenticate") return /(^|[^!-~]|[",;])basic([\s,]|$)/i.test(value);
  return FORBIDDEN.has(lower) || responseTreatment(lower) === "drop";
}

function toLowerCase(text: string): string {
  return text.toLowerCase();
}
