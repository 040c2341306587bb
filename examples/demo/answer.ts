/** The facts about a request that the model can answer with. */
export interface RequestFacts {
  question: string;
  /** The number of questions in the conversation, this one included. */
  turn: number;
  /** The names of the headers that reached the upstream. */
  headers: readonly string[];
}

interface Topic {
  /** Matches the questions about it. */
  pattern: RegExp;
  compose: (facts: RequestFacts) => string;
}

const OPENINGS = [
  (question: string) => `“${question}” travelled well.`,
  (question: string) => `You asked: “${question}”`,
  (question: string) => `“${question}” – I am glad it found its way here.`,
  (question: string) => `A question came in with its collar up: “${question}”`,
];

const SIGNED = [
  "Before it left, your backend signed a pass for it, with a secret that no browser has ever seen.",
  "It set out with a ticket that your backend had signed, good for a short while and for one door.",
  "Your backend signed a line of text for it, and stepped aside.",
];

const VERIFIED = [
  "The gateway worked the signature out again, compared it, and looked at the clock. All was in order.",
  "At the gate, the signature was verified: this method, this address, and not too late.",
  "The gateway read the ticket twice, found nothing rubbed out or written over, and opened the door.",
];

const KEY = [
  "Only then, on the last few steps, was my API key put into its pocket. I check for it, or I say nothing.",
  "And there, out of your sight, it got the API key that I insist on. You never held it, so you cannot lose it.",
  "Behind the door somebody handed it my API key. I saw it; your network tab did not.",
];

const HAIKU = [
  "A line, signed at dawn –\nthe gate reads it, nods, and adds\nthe key you don't hold.",
  "No key in your hand,\nyet the door swings open: look,\nwords arrive like rain.",
  "One small signature,\na few minutes in the sun,\nthen only a string.",
];

const TOPICS: readonly Topic[] = [
  {
    pattern: /\b(haiku|poem|song|verse|sing)\b/i,
    compose: ({ question }) => pickVariant(HAIKU, question, "haiku"),
  },
  { pattern: /\b(header|headers|see|saw|cookie|cookies)\b/i, compose: describeHeaders },
  { pattern: /./s, compose: describeWords },
];

/**
 * Composes a text from the question and from the headers that reached the model. The same facts
 * give the same text.
 */
export function composeAnswer(facts: RequestFacts): string {
  const { question } = facts;
  const journey = [SIGNED, VERIFIED, KEY].map((variants, step) =>
    pickVariant(variants, question, `step ${step}`),
  );
  const topic = TOPICS.find(({ pattern }) => pattern.test(question));
  return [
    pickVariant(OPENINGS, question, "opening")(shorten(question)),
    journey.join(" "),
    topic?.compose(facts) ?? "You sent me nothing to think about, and I enjoyed it.",
    "These words now come back to you one by one, as I find them.",
  ].join("\n\n");
}

/** Splits a text into tokens: words with the white space before them. */
export function splitTokens(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

function describeHeaders({ headers }: RequestFacts): string {
  const cookie = headers.includes("cookie") ? "a cookie among them" : "no cookie among them";
  return `What I saw of you: ${headers.length} headers (${headers.join(", ")}), ${cookie}.`;
}

function describeWords({ question, turn }: RequestFacts): string {
  const words = question.match(/[\p{L}\p{N}’'-]+/gu) ?? [];
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? "silence";
  const which = turn === 1 ? "Our first" : `Number ${turn} between us`;
  return `As for what you asked, I am a very small model and can only weigh words. ${which}: ${words.length} of them, the longest “${longest}”.`;
}

function shorten(question: string): string {
  const line = question.replace(/\s+/g, " ").trim();
  if (line === "") return "…";
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

function pickVariant<T>(variants: readonly T[], question: string, purpose: string): T {
  return variants[Bun.hash.crc32(`${purpose}: ${question}`) % variants.length] as T;
}
