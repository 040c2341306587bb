import {
  ANYTHING,
  list,
  needs,
  object,
  oneOf,
  type OtherVariants,
  SCALAR,
  scalarsOr,
  type Shape,
} from "../shape.ts";

/** Tools of other types run at the provider: each needs an entry of its own. */
const HOSTED: OtherVariants = { opens: "tools:" };

const FUNCTION = { name: SCALAR, description: SCALAR, parameters: ANYTHING, strict: SCALAR };

const CUSTOM = {
  name: SCALAR,
  description: SCALAR,
  format: oneOf("type", {
    text: object({ type: SCALAR }),
    grammar: object({ type: SCALAR, grammar: object({ syntax: SCALAR, definition: SCALAR }) }),
  }),
};

/** The tools of chat. */
export const CHAT_TOOLS: Shape = list(
  oneOf(
    "type",
    {
      function: needs("tools", object({ type: SCALAR, function: object(FUNCTION) })),
      custom: needs("tools", object({ type: SCALAR, custom: object(CUSTOM) })),
    },
    HOSTED,
  ),
);

/** The tools of chat before `tools`. */
export const CHAT_FUNCTIONS: Shape = needs("tools", list(object(FUNCTION)));

/** The tools of responses, of which the grammar stands one level higher. */
export const RESPONSES_TOOLS: Shape = list(
  oneOf(
    "type",
    {
      function: needs("tools", object({ type: SCALAR, ...FUNCTION })),
      custom: needs(
        "tools",
        object({
          type: SCALAR,
          ...CUSTOM,
          format: oneOf("type", {
            text: object({ type: SCALAR }),
            grammar: object({ type: SCALAR, syntax: SCALAR, definition: SCALAR }),
          }),
        }),
      ),
    },
    HOSTED,
  ),
);

const MODES = ["none", "auto", "required"];
const NAMED = needs("tools", object({ type: SCALAR, name: SCALAR }));
const NAMED_INSIDE = object({ name: SCALAR });

/** The choice of a tool in chat. */
export const CHAT_TOOL_CHOICE: Shape = scalarsOr(
  MODES,
  oneOf(
    "type",
    {
      function: needs("tools", object({ type: SCALAR, function: NAMED_INSIDE })),
      custom: needs("tools", object({ type: SCALAR, custom: NAMED_INSIDE })),
      allowed_tools: object({
        type: SCALAR,
        allowed_tools: object({
          mode: SCALAR,
          tools: list(
            oneOf(
              "type",
              {
                function: needs("tools", object({ type: SCALAR, function: NAMED_INSIDE })),
                custom: needs("tools", object({ type: SCALAR, custom: NAMED_INSIDE })),
              },
              HOSTED,
            ),
          ),
        }),
      }),
    },
    HOSTED,
  ),
);

/** The choice of a tool in responses. */
export const RESPONSES_TOOL_CHOICE: Shape = scalarsOr(
  MODES,
  oneOf(
    "type",
    {
      function: NAMED,
      custom: NAMED,
      allowed_tools: object({
        type: SCALAR,
        mode: SCALAR,
        tools: list(oneOf("type", { function: NAMED, custom: NAMED }, HOSTED)),
      }),
    },
    HOSTED,
  ),
);
