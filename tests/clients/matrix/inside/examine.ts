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
  const [answers, refusals] = await Promise.all([
    byName(talks, (talk) => answerOf(subject, situation, talk)),
    byName(talks, (talk) => refusalOf(subject, situation, talk)),
  ]);
  if (renewal === undefined) return { answers, refusals };
  if ("failed" in renewal) return { answers, refusals, renewal };
  return { answers, refusals, renewal: await settled(renewal.finish) };
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

async function refusalOf<C>(subject: Subject<C>, situation: Situation, talk: string) {
  const { expiredToken } = situation;
  try {
    await answerOf(subject, { ...situation, token: expiredToken }, talk);
  } catch (error) {
    const refusal = subject.refusalOf(error);
    if (refusal) return refusal;
    throw error;
  }
  throw new Error("an expired token was accepted");
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
