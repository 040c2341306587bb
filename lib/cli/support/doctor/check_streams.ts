import { PROBE_ORIGIN } from "../../../gateway/model/probe_target.ts";
import { ask, describe, isOwn, refusalCode } from "./ask.ts";
import { type CheckResult, type Finding, found, skipped } from "./findings.ts";
import { signedUrl } from "./signed_url.ts";
import { NEEDS_SIGNER, type Site } from "./site.ts";

/** The gateway sends its first two events this far apart. Pieces that come together were held back. */
const HELD_BACK_MS = 1000;
/** The time that a request may take in addition to the silence, in seconds. */
const EXTRA = 15;

/** Watches a silent event stream and a late response, to find what in front of the gateway holds back or ends them. */
export async function checkStreams(site: Site): Promise<CheckResult> {
  if (!site.signer) return skipped("streams", NEEDS_SIGNER);
  const [events, late] = await Promise.all([watchEvents(site), watchLate(site)]);
  const cuts = [...events, ...late].filter(({ code }) => code === "idle_timeout");
  const others = [...events, ...late].filter(({ code }) => code !== "idle_timeout");
  const measured = cuts.map((cut) => cut.measured).join("; ");
  const findings = cuts.length > 0 ? [...others, { ...cuts[0]!, measured }] : others;
  return found(
    "streams",
    findings,
    `not held back, and not ended for ${site.silence} s of silence`,
  );
}

async function watchEvents(site: Site): Promise<Finding[]> {
  const { silence } = site;
  const url = await signedUrl(site, `${PROBE_ORIGIN}/events?silence=${silence}`);
  const start = performance.now();
  // As a browser asks, so that what compresses for browsers does so here.
  const headers = { Accept: "text/event-stream", "Accept-Encoding": "gzip, deflate, br" };
  const answer = await ask(site, url, { headers, patience: silence + EXTRA });
  if ("failure" in answer) return [unanswered(describe(answer), start)];
  if (!answer.ok) return [refused(answer, start)].filter((finding) => finding !== undefined);
  const { firstAt, secondAt, quietFor, isWhole } = await readEvents(answer, silence + EXTRA);
  const findings: Finding[] = [];
  if (Number.isNaN(firstAt)) {
    findings.push({ code: "stream_buffered", measured: "no event of a stream arrived" });
  } else if (secondAt - firstAt < HELD_BACK_MS) {
    const measured = "two events that the gateway sent 2 s apart arrived together";
    findings.push({ code: "stream_buffered", measured });
  }
  if (!isWhole) findings.push(cut("an event stream", quietFor));
  return findings;
}

interface Arrival {
  /** When an event arrived, in milliseconds; `NaN` when it did not. */
  firstAt: number;
  secondAt: number;
  /** The time without data before the end, in seconds. */
  quietFor: number;
  isWhole: boolean;
}

async function readEvents(response: Response, patience: number): Promise<Arrival> {
  const arrival = { firstAt: NaN, secondAt: NaN, quietFor: NaN, isWhole: false };
  const decoder = new TextDecoder();
  let text = "";
  let dataAt = performance.now();
  const reader = response.body!.getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), patience * 1000);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      dataAt = performance.now();
      if (Number.isNaN(arrival.firstAt) && text.includes("data: first")) arrival.firstAt = dataAt;
      if (Number.isNaN(arrival.secondAt) && text.includes("data: second")) {
        arrival.secondAt = dataAt;
      }
    }
  } catch {
    // What is in front has broken the response off.
  } finally {
    clearTimeout(timer);
  }
  arrival.isWhole = text.includes("data: last");
  arrival.quietFor = secondsSince(dataAt);
  return arrival;
}

async function watchLate(site: Site): Promise<Finding[]> {
  const { silence } = site;
  const url = await signedUrl(site, `${PROBE_ORIGIN}/late?silence=${silence}`);
  const start = performance.now();
  const answer = await ask(site, url, { patience: silence + EXTRA });
  if ("failure" in answer) return [cut("a request", secondsSince(start))];
  if (answer.ok) return [];
  const finding = refused(answer, start);
  return finding ? [finding] : [];
}

/** A response that is neither the probe's nor expected. */
function refused(answer: Response, start: number): Finding | undefined {
  const refusal = refusalCode(answer);
  // The gateway's own head_timeout may be less than the silence that was asked for.
  if (refusal === "upstream_timeout") return undefined;
  if (refusal || isOwn(answer)) {
    return { code: "request_refused", measured: `a stream: ${describe(answer)}` };
  }
  return cut("a request", secondsSince(start), describe(answer));
}

function unanswered(reason: string, start: number): Finding {
  return cut("an event stream", secondsSince(start), reason);
}

function cut(what: string, seconds: number, detail?: string): Finding {
  const measured = `${what} was ended after ${seconds.toFixed(0)} s without data`;
  return { code: "idle_timeout", measured: detail ? `${measured} (${detail})` : measured };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
