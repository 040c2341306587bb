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

/** Writes the prompt into a cache, at a price of its own. */
export const CACHE = { cache_control: needs("field:cache_control", ANYTHING) };

// Clients send citations back as they received them.
const TEXT = object({ type: SCALAR, text: SCALAR, citations: ANYTHING, ...CACHE });

const BASE64 = object({ type: SCALAR, media_type: SCALAR, data: SCALAR });
const URL_SOURCE = object({ type: SCALAR, url: SCALAR });
// The id of a file that anyone under the same key may have uploaded.
const FILE = needs("state", object({ type: SCALAR, file_id: SCALAR }));

const IMAGE = needs(
  "images",
  object({
    type: SCALAR,
    source: oneOf("type", { base64: BASE64, url: URL_SOURCE, file: FILE }),
    ...CACHE,
  }),
);

const CITATIONS = { citations: object({ enabled: SCALAR }) };

const DOCUMENT = needs(
  "files",
  object({
    type: SCALAR,
    title: SCALAR,
    context: SCALAR,
    source: oneOf("type", {
      base64: BASE64,
      text: BASE64,
      url: URL_SOURCE,
      file: FILE,
      content: object({
        type: SCALAR,
        content: scalarOrList(oneOf("type", { text: TEXT, image: IMAGE })),
      }),
    }),
    ...CITATIONS,
    ...CACHE,
  }),
);

const SEARCH_RESULT = object({
  type: SCALAR,
  source: SCALAR,
  title: SCALAR,
  content: list(oneOf("type", { text: TEXT })),
  ...CITATIONS,
  ...CACHE,
});

const INPUT = { text: TEXT, image: IMAGE, document: DOCUMENT, search_result: SEARCH_RESULT };

const FUNCTIONS = {
  tool_use: needs(
    "tools",
    object({
      ...{ type: SCALAR, id: SCALAR, name: SCALAR, input: ANYTHING, toolset_name: SCALAR },
      // Who called the tool: the model itself, or a hosted tool.
      caller: oneOf("type", { direct: object({ type: SCALAR }) }, { opens: "tools:" }),
      ...CACHE,
    }),
  ),
  tool_result: needs(
    "tools",
    object({
      type: SCALAR,
      tool_use_id: SCALAR,
      is_error: SCALAR,
      content: scalarOrList(oneOf("type", INPUT)),
      ...CACHE,
    }),
  ),
};

// What hosted tools did before.
const HOSTED = {
  server_tool_use: oneOf("name", {}, { opens: "tools:" }),
  web_search_tool_result: needs("tools:web_search", ANYTHING),
  web_fetch_tool_result: needs("tools:web_fetch", ANYTHING),
  code_execution_tool_result: needs("tools:code_execution", ANYTHING),
  bash_code_execution_tool_result: needs("tools:code_execution", ANYTHING),
  text_editor_code_execution_tool_result: needs("tools:code_execution", ANYTHING),
};

const BLOCKS = scalarOrList(
  oneOf("type", {
    ...INPUT,
    ...FUNCTIONS,
    ...HOSTED,
    thinking: object({ type: SCALAR, thinking: SCALAR, signature: SCALAR }),
    redacted_thinking: object({ type: SCALAR, data: SCALAR }),
  }),
);

const MESSAGE = object({ role: SCALAR, content: BLOCKS });

/** The text of `system`, and of messages with that role. */
export const SYSTEM: Shape = scalarOrList(oneOf("type", { text: TEXT }));

/** The messages, told from each other by `role`. */
export const MESSAGES: Shape = list(
  oneOf("role", {
    user: MESSAGE,
    assistant: MESSAGE,
    system: systemText(object({ role: SCALAR, content: SYSTEM })),
  }),
);
