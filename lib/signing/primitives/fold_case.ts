// Where folding differs from the lower case of the upper case.
const EXCEPTIONS: Readonly<Record<string, string>> = {
  // The dotless i has the capital I, which folds to i.
  "\u0131": "\u0131",
  // Letters of which the capitals are several code points, and which fold to each other all the same.
  "\u1fd3": "\u0390",
  "\u1fe3": "\u03b0",
  "\ufb05": "\ufb06",
};

/**
 * Folds the case of a text, so that two texts which differ in case alone become the same. It is
 * Unicode's simple case folding (https://www.unicode.org/reports/tr44/#CaseFolding.txt), code point by
 * code point, as in Go's `strings.EqualFold`. The result itself is only good for comparisons.
 *
 * @param text any text
 */
export function foldCase(text: string): string {
  let folded = "";
  for (const character of text) folded += EXCEPTIONS[character] ?? foldCharacter(character);
  return folded;
}

/** Whether a text is in ASCII and without capitals, so that folding leaves it as it is. */
export function isFolded(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f || (code >= 0x41 && code <= 0x5a)) return false;
  }
  return true;
}

function foldCharacter(character: string): string {
  const upper = singleOr(character, character.toUpperCase());
  return singleOr(upper, upper.toLowerCase());
}

/** The mapping, unless it has several code points: those are of full case folding. */
function singleOr(character: string, mapping: string): string {
  return mapping.length <= (mapping.codePointAt(0)! > 0xffff ? 2 : 1) ? mapping : character;
}
