import type { TokenNumbers } from "../providers/operation.ts";

// Tables round context windows: 128,000 may stand for 131,072.
const ROUNDED = 20;

// What a provider adds to the text: the frame of the conversation, and the prompt for tools or a schema.
const FRAME = 32;
const TOOLS = 1_024;

/** The parts of the input of a request. */
export interface InputParts {
  /** The whole body, as it is sent. */
  bytes: Uint8Array;
  images: number;
  hasToolsOrSchema: boolean;
  /** Whether it has something whose tokens have no bound, such as a file. */
  isUnbounded: boolean;
}

/**
 * The most input tokens of a request. Tokenizers make no more tokens of a text than it has bytes, or its compatibility
 * form has, which some of them use (Unicode Standard Annex #15, NFKC).
 *
 * @param parts of the input
 * @param numbers of the operation: the most tokens of an image. Default: it takes no images
 * @param window the context window of the model as a table has it, for input that has no bound of its own
 */
export function inputBound(
  { bytes, images, hasToolsOrSchema, isUnbounded }: InputParts,
  { image = 0 }: Partial<Pick<TokenNumbers, "image">>,
  window = Infinity,
): number {
  if (isUnbounded) return window + Math.ceil(window / ROUNDED);
  const added = FRAME + (hasToolsOrSchema ? TOOLS : 0) + images * image;
  return longestForm(bytes) + added;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

// To put marks into order takes time with the square of their number, and some characters have eighteen in their
// compatibility form. So a text is normalised in slices. That never makes the sum smaller: it only leaves out
// compositions of characters.
const SLICE = 32;

/** The bytes of a text, or of its compatibility form if that has more. */
function longestForm(bytes: Uint8Array): number {
  const text = decoder.decode(bytes);
  const isAscii = text.length === bytes.length;
  if (isAscii) return bytes.length;
  let normalized = 0;
  let start = 0;
  while (start < text.length) {
    const end = wholeCharacters(text, start + SLICE);
    normalized += encoder.encode(text.slice(start, end).normalize("NFKC")).length;
    start = end;
  }
  return Math.max(bytes.length, normalized);
}

/** The same index, or the next one if it is inside a character. */
function wholeCharacters(text: string, index: number): number {
  return (text.charCodeAt(index - 1) & 0xfc00) === 0xd800 ? index + 1 : index;
}
