import {
  ANYTHING,
  list,
  needs,
  object,
  oneOf,
  requiring,
  SCALAR,
  scalarOrList,
  type Shape,
  systemText,
} from "../shape.ts";
import { RESPONSES_TOOLS } from "./tools.ts";

// A breakpoint writes the prompt into a cache, at a price of its own.
const BREAKPOINT = { prompt_cache_breakpoint: needs("field:prompt_cache_breakpoint", ANYTHING) };
// The id of a file that anyone under the same key may have uploaded.
const FILE_ID = { file_id: needs("state", SCALAR) };

const INPUT_PARTS = {
  input_text: object({ type: SCALAR, text: SCALAR, ...BREAKPOINT }),
  input_image: needs(
    "images",
    object({ type: SCALAR, detail: SCALAR, image_url: SCALAR, ...FILE_ID, ...BREAKPOINT }),
  ),
  input_file: needs(
    "files",
    object({
      type: SCALAR,
      detail: SCALAR,
      file_data: SCALAR,
      file_url: SCALAR,
      filename: SCALAR,
      ...FILE_ID,
      ...BREAKPOINT,
    }),
  ),
  input_audio: needs(
    "audio",
    object({ type: SCALAR, input_audio: object({ data: SCALAR, format: SCALAR }) }),
  ),
};

// Clients send these back as they received them. What they cite is not read again.
const OUTPUT_PARTS = {
  output_text: object({ type: SCALAR, text: SCALAR, annotations: ANYTHING, logprobs: ANYTHING }),
  refusal: object({ type: SCALAR, refusal: SCALAR }),
};

const MESSAGE = object({
  type: SCALAR,
  role: SCALAR,
  id: SCALAR,
  status: SCALAR,
  phase: SCALAR,
  content: scalarOrList(oneOf("type", { ...INPUT_PARTS, ...OUTPUT_PARTS })),
});

const INSTRUCTION = systemText(
  object({
    type: SCALAR,
    role: SCALAR,
    id: SCALAR,
    status: SCALAR,
    phase: SCALAR,
    content: scalarOrList(oneOf("type", INPUT_PARTS)),
  }),
);

const REFERENCE = object({ type: SCALAR, id: SCALAR });

const OUTPUT = scalarOrList(oneOf("type", INPUT_PARTS));

const CALL = { type: SCALAR, id: SCALAR, call_id: SCALAR, status: SCALAR };

const FUNCTIONS = {
  function_call: needs("tools", object({ ...CALL, name: SCALAR, arguments: SCALAR })),
  function_call_output: needs("tools", object({ ...CALL, output: OUTPUT })),
  custom_tool_call: needs("tools", object({ ...CALL, name: SCALAR, input: SCALAR })),
  custom_tool_call_output: needs("tools", object({ ...CALL, output: OUTPUT })),
};

// What hosted tools did before.
const HOSTED = Object.fromEntries(
  Object.entries({
    web_search: ["web_search_call"],
    file_search: ["file_search_call"],
    code_interpreter: ["code_interpreter_call"],
    image_generation: ["image_generation_call"],
    computer: ["computer_call", "computer_call_output"],
    local_shell: ["local_shell_call", "local_shell_call_output"],
    shell: ["shell_call", "shell_call_output"],
    apply_patch: ["apply_patch_call", "apply_patch_call_output"],
    tool_search: ["tool_search_call", "tool_search_output"],
    mcp: ["mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "mcp_call"],
    programmatic_tool_calling: ["program", "program_output"],
  }).flatMap(([tool, types]) => types.map((type) => [type, needs(`tools:${tool}`, ANYTHING)])),
);

const REASONING = requiring(
  // Without it the item is looked up among those that the account keeps.
  { encrypted_content: "state" },
  object({
    type: SCALAR,
    id: SCALAR,
    status: SCALAR,
    encrypted_content: SCALAR,
    summary: list(oneOf("type", { summary_text: object({ type: SCALAR, text: SCALAR }) })),
    content: list(oneOf("type", { reasoning_text: object({ type: SCALAR, text: SCALAR }) })),
  }),
);

/** An item of `input`, told from each other by `type`. */
export const RESPONSES_ITEM: Shape = oneOf(
  "type",
  {
    message: requiring(
      // An item with an id alone is a reference to a stored item, also without its type.
      { role: "state", content: "state" },
      oneOf(
        "role",
        {
          user: MESSAGE,
          assistant: MESSAGE,
          system: INSTRUCTION,
          developer: INSTRUCTION,
          reference: REFERENCE,
        },
        { untagged: "reference" },
      ),
    ),
    reasoning: REASONING,
    ...FUNCTIONS,
    ...HOSTED,
    item_reference: needs("state", REFERENCE),
    additional_tools: systemText(
      object({ type: SCALAR, role: SCALAR, id: SCALAR, tools: RESPONSES_TOOLS }),
    ),
  },
  { untagged: "message" },
);
