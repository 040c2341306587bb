import { printable } from "../../../gateway/record/printable.ts";
import type { Cause } from "../../../signing/explain.ts";
import { wrap } from "./wrap.ts";

/** The width of a terminal, in characters. */
export const WIDTH = 80;

const LABEL = 16;

/** Why a signature was not checked, and what to do. */
export const UNCHECKED =
  "No secret was given, so the signature was not checked: set SW_ID and SW_SECRET, or name the gateway's configuration with --config FILE.";

/**
 * Joins sections of a text, with an empty line between them.
 *
 * @param sections the lines of each section; an empty section is left out
 * @returns the lines, each with a newline
 */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

/** A label and its value, on as many lines as the value needs. */
export function labelledLines(label: string, value: string): string[] {
  return labelled(label, printableLines(value, WIDTH - LABEL));
}

/** A label and a sentence, broken at its spaces. */
export function labelledSentence(label: string, sentence: string): string[] {
  return labelled(label, wrappedLines(sentence, WIDTH - LABEL));
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => (i === 0 ? label : "").padEnd(LABEL) + line);
}

/** A list of sentences, each with a dash before it. */
export function listedLines(sentences: readonly string[]): string[] {
  return sentences.flatMap((sentence) =>
    wrappedLines(sentence).map((line, i) => `${i === 0 ? "- " : "  "}${line}`),
  );
}

/** The reasons why a gateway refuses what was explained. */
export function refusalLines(causes: readonly Cause[]): string[] {
  const listed = causes.flatMap(({ code, sentence, remedy }) => [
    `- ${code}`,
    ...[...wrappedLines(sentence), ...wrappedLines(remedy)].map((line) => `  ${line}`),
  ]);
  return ["Refused:", ...listed];
}

/** The lines of a text that an attacker may have written, escaped and broken after `width` characters. */
export function printableLines(text: string, width = WIDTH): string[] {
  return breakLine(printable(text), width);
}

/** A time in ISO 8601 without fractions of a second. */
export function withoutFraction(moment: string): string {
  return moment.replace(/\.\d+Z$/, "Z");
}

/** The lines of a sentence, by default two characters narrower than the terminal. */
function wrappedLines(sentence: string, width = WIDTH - 2): string[] {
  return wrap(printable(sentence), width).flatMap((line) => breakLine(line, width));
}

function breakLine(text: string, width: number): string[] {
  const characters = [...text];
  const lines: string[] = [];
  for (let at = 0; at === 0 || at < characters.length; at += width) {
    lines.push(characters.slice(at, at + width).join(""));
  }
  return lines;
}
