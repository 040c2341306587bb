import {
  ANYTHING,
  list,
  needs,
  object,
  oneOf,
  SCALAR,
  scalarOrList,
  type Shape,
  systemText,
} from "../shape.ts";

// A breakpoint writes the prompt into a cache, at a price of its own.
const BREAKPOINT = { prompt_cache_breakpoint: needs("field:prompt_cache_breakpoint", ANYTHING) };

const TEXT = object({ type: SCALAR, text: SCALAR, ...BREAKPOINT });
const TEXTS = scalarOrList(oneOf("type", { text: TEXT }));

const PARTS = scalarOrList(
  oneOf("type", {
    text: TEXT,
    image_url: needs(
      "images",
      object({
        type: SCALAR,
        image_url: object({ url: SCALAR, detail: SCALAR }),
        ...BREAKPOINT,
      }),
    ),
    input_audio: needs(
      "audio",
      object({
        type: SCALAR,
        input_audio: object({ data: SCALAR, format: SCALAR }),
        ...BREAKPOINT,
      }),
    ),
    file: needs(
      "files",
      object({
        type: SCALAR,
        // The id of a file that anyone under the same key may have uploaded.
        file: object({ file_data: SCALAR, filename: SCALAR, file_id: needs("state", SCALAR) }),
        ...BREAKPOINT,
      }),
    ),
  }),
);

const CALL = object({ name: SCALAR, arguments: SCALAR });

const ASSISTANT = object({
  role: SCALAR,
  name: SCALAR,
  content: scalarOrList(
    oneOf("type", { text: TEXT, refusal: object({ type: SCALAR, refusal: SCALAR }) }),
  ),
  refusal: SCALAR,
  // Clients send a message back as they received it.
  annotations: ANYTHING,
  audio: needs("state", ANYTHING),
  function_call: needs("tools", CALL),
  tool_calls: needs(
    "tools",
    list(
      oneOf("type", {
        function: object({ id: SCALAR, type: SCALAR, function: CALL }),
        custom: object({
          id: SCALAR,
          type: SCALAR,
          custom: object({ name: SCALAR, input: SCALAR }),
        }),
      }),
    ),
  ),
});

const INSTRUCTION = systemText(object({ role: SCALAR, name: SCALAR, content: TEXTS }));

/** The messages of chat, told from each other by `role`. */
export const CHAT_MESSAGES: Shape = list(
  oneOf("role", {
    system: INSTRUCTION,
    developer: INSTRUCTION,
    user: object({ role: SCALAR, name: SCALAR, content: PARTS }),
    assistant: ASSISTANT,
    tool: needs("tools", object({ role: SCALAR, tool_call_id: SCALAR, content: TEXTS })),
    function: needs("tools", object({ role: SCALAR, name: SCALAR, content: SCALAR })),
  }),
);
