import { describe, expect, test } from "bun:test";
import writeGood from "write-good";
import { SECTIONS } from "../../../docs/book/sections.ts";
import { ROOT } from "../../support/root.ts";
import { sentencesOf, wordsIn } from "./prose.ts";

const LONGEST = 35;

// These describe the code and measurements to those who change it.
const { "The project": _, ...guides } = SECTIONS;
const PAGES = ["README.md", "SECURITY.md", "CONTRIBUTING.md", ...Object.values(guides).flat()];

/** The rules of the linter that hold here. */
const RULES = {
  adverb: true,
  cliches: true,
  illusion: true,
  so: false, // "So" begins a consequence, and the reader needs it.
  passive: false, // Who does it is the gateway, nearly always.
  thereIs: false,
  tooWordy: true,
  weasel: true,
};

/** What the linter complains of and a reader needs: plain "it is", how many, how much, and terms of the field. */
const EXCEPTIONS = [
  ...["it is", "it was", "all of"],
  ...["a number of", "few", "is a number", "many", "maximum", "several", "very"],
  ...["early", "exactly", "just", "only", "shortly", "slowly", "usually"],
  ...["comply with", "in addition", "validate"],
];

async function findingsIn(page: string): Promise<string[]> {
  const sentences = await sentencesOf(page);
  return sentences.flatMap(({ text }) =>
    writeGood(text, RULES)
      .map(({ reason }) => reason)
      .filter((reason) => !EXCEPTIONS.includes(/"(.*?)"/.exec(reason)![1]!.toLowerCase()))
      .map((reason) => `${reason}: ${text}`),
  );
}

describe("the prose of the book", () => {
  test.each(PAGES)("%s has no sentence of more than 35 words", async (page) => {
    const sentences = await sentencesOf(page);
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.map(({ text }) => text).filter((it) => wordsIn(it) > LONGEST)).toEqual([]);
  });

  test.each(PAGES)("%s names other pages by their titles", async (page) => {
    const text = await Bun.file(`${ROOT}/${page}`).text();
    // Of those in capitals, the file's name is the title.
    expect(text.match(/\[[a-z_/]+\.md\]\(.*?\)/g) ?? []).toEqual([]);
  });

  test.each(PAGES)("%s passes write-good", async (page) => {
    expect(await findingsIn(page)).toEqual([]);
  });

  test("a sentence that is too long, and a wordy one, would be found", () => {
    expect(wordsIn(`${"word ".repeat(36)}`)).toBeGreaterThan(LONGEST);
    expect(writeGood("In order to stream, stream.", RULES)).toHaveLength(1);
  });
});
