// The fake providers' model. It repeats the last text of a request, one word after the other, and a word is a token:
// so a test knows the answer and the usage before it asks. A model with `thinking` in its name thinks as many tokens
// first as the text has; one with `cached` reads all texts but the last from a cache.

/** The model's name for which every provider answers 429, in its own form. */
export const RATE_LIMITED = "rate-limited";

/** A request, in the terms that all providers share. */
export interface Question {
  model: string;
  /** Instructions and messages, in their order; the last one is repeated. */
  texts: readonly string[];
  /** The most tokens of output, with those of reasoning. Default: no limit. */
  cap?: number | undefined;
  /** How many answers are asked for, each up to the cap. Default: 1. */
  count?: number | undefined;
}

/** The answer to a {@link Question}. */
export interface Answer {
  model: string;
  /** A token each; together they are the text. */
  pieces: readonly string[];
  text: string;
  /** How many there are; all are alike. */
  count: number;
  inputTokens: number;
  /** Those of the input that are read from a cache. */
  cachedTokens: number;
  /** Of all answers, with those of reasoning. */
  outputTokens: number;
  /** Of all answers. */
  reasoningTokens: number;
  /** Whether the cap ended it. */
  isCut: boolean;
}

/** Answers a question. The same question has the same answer. */
export function answerTo({ model, texts, cap = Infinity, count = 1 }: Question): Answer {
  const tokens = tokensOf(texts.at(-1) ?? "");
  const thoughts = model.includes("thinking") ? Math.min(tokens.length, cap) : 0;
  const pieces = tokens.slice(0, cap - thoughts);
  return {
    model,
    pieces,
    text: pieces.join(""),
    count,
    inputTokens: countTokens(texts),
    cachedTokens: model.includes("cached") ? countTokens(texts.slice(0, -1)) : 0,
    outputTokens: count * (thoughts + pieces.length),
    reasoningTokens: count * thoughts,
    isCut: pieces.length < tokens.length,
  };
}

/** The tokens of a text: its words, each with the white space before it. */
export function tokensOf(text: string): string[] {
  return text.trimEnd().match(/\s*\S+/g) ?? [];
}

/** How many tokens a provider counts in the texts of a request. */
export function countTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + tokensOf(text).length, 0);
}

/** The text of a message: of a string, or of a list of parts that may have a `text`. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: { text?: string } | null) => part?.text ?? "").join("");
}

/** The vector of a text: code points of it, over and over, as parts of the largest one. */
export function vectorOf(text: string, dimensions = 8): number[] {
  const points = [...text].map((character) => character.codePointAt(0)! / 0x10ffff);
  return Array.from({ length: dimensions }, (_, i) => points[i % points.length] ?? 0);
}
