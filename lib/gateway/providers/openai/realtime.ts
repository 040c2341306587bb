import {
  ANYTHING,
  COUNT,
  list,
  map,
  needs,
  object,
  oneOf,
  SCALAR,
  scalars,
  type Shape,
  systemText,
} from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { RESPONSES_TOOL_CHOICE, RESPONSES_TOOLS } from "./tools.ts";

/** One of the forms of the realtime API. */
export interface RealtimeForm {
  /** What its shapes were checked against. */
  checked: string;
  /** The events that a client may send, by their types. */
  events: ReadonlyMap<string, Shape>;
  /** The member of a session and of a response that has the output cap. */
  cap: string;
  /** Where a session says how turns are detected. */
  turns: readonly string[];
  /** What a session has beside what is set, such as its type. */
  session: Readonly<Record<string, string>>;
}

/** A cap that sets no limit. */
export const NO_CAP = "inf";

/** The sub-protocol that asks for the beta form. */
export const BETA_PROTOCOL = "openai-beta.realtime-v1";

/** The header that asks for it, in lower case. */
export const BETA_HEADER = "openai-beta";

/** The entry of {@link BETA_HEADER} that does. */
export const BETA_VALUE = "realtime=v1";

const MODALITIES = list(scalars(["text", "audio"]));
// Another model writes the text.
const TRANSCRIPTION = needs("field:input_audio_transcription", ANYTHING);
const TURN_DETECTION = object({
  type: SCALAR,
  create_response: SCALAR,
  eagerness: SCALAR,
  idle_timeout_ms: SCALAR,
  interrupt_response: SCALAR,
  prefix_padding_ms: SCALAR,
  silence_duration_ms: SCALAR,
  threshold: SCALAR,
});
const FORMAT = object({ type: SCALAR, rate: SCALAR });
const OUTPUT = object({ format: FORMAT, speed: SCALAR, voice: SCALAR });

const SET_BY_BOTH = {
  instructions: systemText(SCALAR),
  parallel_tool_calls: SCALAR,
  prompt: needs("state", ANYTHING),
  tool_choice: RESPONSES_TOOL_CHOICE,
  tools: RESPONSES_TOOLS,
};

const SESSION = object({
  ...SET_BY_BOTH,
  type: scalars(["realtime"]),
  audio: object({
    input: object({
      format: FORMAT,
      noise_reduction: object({ type: SCALAR }),
      transcription: TRANSCRIPTION,
      turn_detection: TURN_DETECTION,
    }),
    output: OUTPUT,
  }),
  include: list(scalars(["item.input_audio_transcription.logprobs"])),
  max_output_tokens: COUNT,
  output_modalities: MODALITIES,
  reasoning: object({ effort: SCALAR }),
  truncation: ANYTHING,
});

const BETA_SESSION = object({
  ...SET_BY_BOTH,
  input_audio_format: SCALAR,
  input_audio_noise_reduction: object({ type: SCALAR }),
  input_audio_transcription: TRANSCRIPTION,
  max_response_output_tokens: COUNT,
  modalities: MODALITIES,
  output_audio_format: SCALAR,
  speed: SCALAR,
  temperature: SCALAR,
  turn_detection: TURN_DETECTION,
  voice: SCALAR,
});

const PART = oneOf("type", {
  input_text: object({ type: SCALAR, text: SCALAR }),
  input_audio: object({ type: SCALAR, audio: SCALAR, transcript: SCALAR }),
  input_image: needs("images", object({ type: SCALAR, detail: SCALAR, image_url: SCALAR })),
  output_text: object({ type: SCALAR, text: SCALAR }),
  output_audio: object({ type: SCALAR, transcript: SCALAR }),
  text: object({ type: SCALAR, text: SCALAR }),
});

const OF_ITEM = { id: SCALAR, object: SCALAR, status: SCALAR, type: SCALAR };
const ITEM = oneOf("type", {
  message: oneOf("role", {
    user: object({ ...OF_ITEM, role: SCALAR, content: list(PART) }),
    assistant: object({ ...OF_ITEM, role: SCALAR, content: list(PART) }),
    system: systemText(object({ ...OF_ITEM, role: SCALAR, content: list(PART) })),
  }),
  function_call_output: object({ ...OF_ITEM, call_id: SCALAR, output: SCALAR }),
});

const OF_RESPONSE = {
  ...SET_BY_BOTH,
  // A response beside the conversation.
  conversation: scalars(["auto"]),
  input: needs("field:response.input", list(ITEM)),
  metadata: map(SCALAR),
};
const RESPONSE = object({
  ...OF_RESPONSE,
  audio: object({ output: OUTPUT }),
  max_output_tokens: COUNT,
  output_modalities: MODALITIES,
  reasoning: object({ effort: SCALAR }),
});
const BETA_RESPONSE = object({
  ...OF_RESPONSE,
  max_response_output_tokens: COUNT,
  modalities: MODALITIES,
  output_audio_format: SCALAR,
  temperature: SCALAR,
  voice: SCALAR,
});

const EVENT = { type: SCALAR, event_id: SCALAR };

function eventsOf(session: Shape, response: Shape): ReadonlyMap<string, Shape> {
  const members: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
    "session.update": { session },
    "response.create": { response },
    "response.cancel": { response_id: SCALAR },
    "conversation.item.create": { item: ITEM, previous_item_id: SCALAR },
    "conversation.item.delete": { item_id: SCALAR },
    "conversation.item.truncate": {
      item_id: SCALAR,
      content_index: SCALAR,
      audio_end_ms: SCALAR,
    },
    "input_audio_buffer.append": { audio: SCALAR },
    "input_audio_buffer.clear": {},
    "input_audio_buffer.commit": {},
    "output_audio_buffer.clear": {},
  };
  const entries = Object.entries(members).map(
    ([type, others]) => [type, object({ ...EVENT, ...others })] as const,
  );
  return new Map(entries);
}

/** The present form. */
export const REALTIME: RealtimeForm = {
  checked: CHECKED,
  events: eventsOf(SESSION, RESPONSE),
  cap: "max_output_tokens",
  turns: ["audio", "input", "turn_detection"],
  session: { type: "realtime" },
};

/** The form before it. */
export const BETA_REALTIME: RealtimeForm = {
  checked: CHECKED,
  events: eventsOf(BETA_SESSION, BETA_RESPONSE),
  cap: "max_response_output_tokens",
  turns: ["turn_detection"],
  session: {},
};
