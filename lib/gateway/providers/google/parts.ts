import {
  ANYTHING,
  list,
  needs,
  object,
  oneOf,
  SCALAR,
  scalars,
  type Shape,
  systemText,
} from "../shape.ts";

const INLINE = object({ mimeType: SCALAR, data: SCALAR, displayName: SCALAR });

const INLINE_DATA = oneOf(
  "mimeType",
  { "image/": needs("images", INLINE), "audio/": needs("audio", INLINE) },
  { upTo: "/", others: needs("files", INLINE) },
);

const FILE_DATA = needs(
  "files",
  object({
    mimeType: SCALAR,
    displayName: SCALAR,
    // The name of a file that anyone under the same key may have uploaded, or a URL.
    fileUri: needs("state", SCALAR),
  }),
);

const TEXT = { text: SCALAR, thought: SCALAR, thoughtSignature: SCALAR };

const PART = object({
  ...TEXT,
  inlineData: INLINE_DATA,
  fileData: FILE_DATA,
  mediaResolution: needs("images", ANYTHING),
  videoMetadata: needs("files", ANYTHING),
  functionCall: needs("tools", object({ id: SCALAR, name: SCALAR, args: ANYTHING })),
  functionResponse: needs(
    "tools",
    object({
      id: SCALAR,
      name: SCALAR,
      response: ANYTHING,
      scheduling: SCALAR,
      willContinue: SCALAR,
      parts: list(object({ inlineData: INLINE_DATA, fileData: FILE_DATA })),
    }),
  ),
  // What a hosted tool did before.
  executableCode: needs("tools:codeExecution", ANYTHING),
  codeExecutionResult: needs("tools:codeExecution", ANYTHING),
});

/** A message: what a user, the model or a function said. */
export const CONTENT: Shape = object({
  role: scalars(["user", "model", "function"]),
  parts: list(PART),
});

/** The text of the system message. */
export const SYSTEM_INSTRUCTION: Shape = systemText(
  object({ role: SCALAR, parts: list(object(TEXT)) }),
);
