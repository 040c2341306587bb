import { createTokenProvider } from "../../../../lib/signing/signed_fetch.ts";
import type { Reading, Refusal, Subject } from "./subject.ts";

/** What a client is given. */
export interface Situation {
  /** Names the run in every question. */
  run: string;
  /** The gateway's URL, then the API's host. */
  base: string;
  token: string;
  expiredToken: string;
  /** Grants the model that the talks name, and what needs no grant. */
  guardedToken: string;
  /** Grants another model. */
  otherModelToken: string;
  /** Has fewer LLM tokens than any answer needs. */
  usedUpToken: string;
  /** Gives a token for each POST; the first one is valid for a few seconds. */
  tokenUrl: string;
}

/** Something that did not go as it was meant to. */
export interface Failure {
  failed: string;
}

/** What became of a run. */
export interface Report {
  /** With a valid token, by the name of the talk. */
  answers: Record<string, Reading | Failure>;
  /** With an expired token. */
  refusals: Record<string, Refusal | Failure>;
  /** With a token that does not grant the model, one that does not grant all that is asked for, and one that is used up. */
  ungranted: Record<"model" | "more" | "tokens", Refusal | Failure>;
  /** With a provider of tokens, before and after its first token expired. Absent: the client takes none. */
  renewal?: { before: Reading; after: Reading } | Failure;
}

/** The question of a talk. */
export function questionOf(run: string, talk: string): string {
  return `${run}, ${talk}: Grüße – who\nare you? 🔑`;
}

/** Has a client do all that it is asked to. */
export async function examine<C>(subject: Subject<C>, situation: Situation): Promise<Report> {
  const talks = Object.keys(subject.talks);
  // First and by itself, because its token is valid for a few seconds only.
  const renewal = await settled(() => startRenewal(subject, situation));
  const [answers, refusals, model, more, tokens] = await Promise.all([
    byName(talks, (talk) => answerOf(subject, situation, talk)),
    byName(talks, (talk) => expiredOf(subject, situation, talk)),
    settled(() => firstRefusalOf(subject, situation, situation.otherModelToken)),
    settled(() => ungrantedMoreOf(subject, situation)),
    settled(() => firstRefusalOf(subject, situation, situation.usedUpToken)),
  ]);
  const report = { answers, refusals, ungranted: { model, more, tokens } };
  if (renewal === undefined) return report;
  if ("failed" in renewal) return { ...report, renewal };
  return { ...report, renewal: await settled(renewal.finish) };
}

async function byName<T>(
  names: readonly string[],
  task: (name: string) => Promise<T>,
): Promise<Record<string, T | Failure>> {
  const outcomes = names.map(async (name) => [name, await settled(() => task(name))] as const);
  return Object.fromEntries(await Promise.all(outcomes));
}

async function settled<T>(task: () => Promise<T>): Promise<T | Failure> {
  try {
    return await task();
  } catch (error) {
    return { failed: String(error) };
  }
}

function answerOf<C>(subject: Subject<C>, { run, base, token }: Situation, talk: string) {
  return subject.talks[talk]!(subject.create(base, token), questionOf(run, talk));
}

function expiredOf<C>(subject: Subject<C>, situation: Situation, talk: string) {
  const { expiredToken: token } = situation;
  return refusalOf(subject, () => answerOf(subject, { ...situation, token }, talk));
}

function firstRefusalOf<C>(subject: Subject<C>, situation: Situation, token: string) {
  const [talk = ""] = Object.keys(subject.talks);
  return refusalOf(subject, () => answerOf(subject, { ...situation, token }, talk));
}

function ungrantedMoreOf<C>(subject: Subject<C>, { run, base, guardedToken }: Situation) {
  const client = subject.create(base, guardedToken);
  return refusalOf(subject, () => subject.askForMore(client, questionOf(run, "more")));
}

async function refusalOf<C>(subject: Subject<C>, ask: () => Promise<unknown>): Promise<Refusal> {
  try {
    await ask();
  } catch (error) {
    const refusal = subject.refusalOf(error);
    if (refusal) return refusal;
    throw error;
  }
  throw new Error("it was not refused");
}

async function startRenewal<C>(subject: Subject<C>, situation: Situation) {
  const { createWithProvider, talks } = subject;
  if (!createWithProvider) return undefined;
  const { run, base, tokenUrl } = situation;
  const provider = createTokenProvider(() => fetch(tokenUrl, { method: "POST" }));
  const client = createWithProvider(base, provider);
  const talk = Object.values(talks)[0]!;
  const before = await talk(client, questionOf(run, "before"));
  const expiry = expiryOf(await provider());
  const finish = async () => {
    await new Promise((resolve) => setTimeout(resolve, expiry - Date.now()));
    return { before, after: await talk(client, questionOf(run, "after")) };
  };
  return { finish };
}

function expiryOf(token: string): number {
  const [, payload = ""] = token.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
}
