import type { Shape } from "./shape.ts";

/** The names that lead to a member of a body. */
export type MemberPath = readonly string[];

/** An operation of an API that a guarded request may be. */
export interface Operation {
  /** For messages. */
  name: string;
  /** The type definitions that its tables were checked against, and the day. */
  checked: string;
  method: "GET" | "POST";
  /** What it does, as `gen_ai.operation.name` of OpenTelemetry. Default: `chat`. */
  task?: "embeddings" | "generate_content";
  /**
   * The path behind the one of the rule's `url` and a version. `{model}` is the name of a model in it, and occurs once
   * at most.
   */
  path: string;
  /** The form of `{model}` in the path. Default: letters, digits, `.`, `_` and `-`. In one with a form, `%3A` is a colon. */
  modelForm?: RegExp;
  /** What the body may be. Absent: there is no body. */
  body?: Shape;
  /** Where the body names the model. */
  modelIn?: MemberPath;
  /** The list in the body whose elements name a model each, and the member in which they do. */
  modelsIn?: { list: string; member: string };
  /** What may stand before the name of a model, in a body or an answer. */
  modelPrefix?: string;
  /** Where the caps of output tokens stand. The first one is filled in when a request has none of them. */
  caps?: readonly MemberPath[];
  /** Whether the first cap is set in each request, because the API may ignore the others. Absent: one of them is enough. */
  needsFirstCap?: true;
  /** Where numbers of answers stand, each of which may be as long as the cap. The greatest one counts. */
  multiplicity?: readonly MemberPath[];
  /** The member that must be `false`, or the API keeps the answer for a later request. */
  keptUnless?: string;
  /** Where the text of the system message is set. Absent: the operation has none. */
  system?: SystemPlace;
  /** Query parameters beside those of all operations. */
  query?: readonly string[];
  /** How the answer is edited. */
  answer?: "models" | "instructions";
  /** The form of an error in a stream that ends early; for limits that end a stream. Absent: the answer is no stream. */
  cut?: CutForm;
  /** Where the answer says what was used. Absent: nowhere. */
  usage?: UsagePlaces;
  /** Numbers for limits on tokens. Absent: the operation has no output. */
  tokens?: TokenNumbers;
  /** The most input tokens of an image, for an operation without output. Absent: it takes no images. */
  image?: number;
  /** Whether the provider bills no tokens for it. */
  isFree?: true;
  /** Members that choose another price, and the value for the usual one. `isImplied`: an absent one means it. */
  tiers?: readonly { path: MemberPath; standard: string; isImplied?: true }[];
  /** The member of a stream's request that asks for the usage. Absent: it is reported always, or never. */
  usageAsked?: { stream: string; ask: MemberPath };
}

/** Where the text of the system message is set: as a first message, a member, content of parts or blocks in a member. */
export type SystemPlace =
  | { form: "message"; member: string }
  | { form: "text"; member: string }
  | { form: "content"; member: string }
  | { form: "blocks"; member: string };

/** The forms of an error in a stream that ends early, which the SDKs turn into a typed error. */
export type CutForm = "chat" | "responses" | "anthropic" | "google" | "bedrock";

/** Where a number stands: a member, or one of an element of a list that has a text in another member. */
export type NumberPlace =
  MemberPath | { list: string; member: string; text: string; number: string };

/** Where an answer says what was used, and in which members. */
export interface UsagePlaces {
  /** The member of an answer that is no stream. It may also be a list of such answers; the last one counts. */
  body: string;
  /** The member beside it with the name of the model. Absent: the one in the path counts, because the answer has none or one
   * without a price. */
  model?: string;
  /**
   * The member of an answer, of an element of a list or of an event that says that it failed after it had begun. There
   * is no report then. Absent: the last event says it.
   */
  failure?: string;
  /** How the events of a stream tell it. Absent: the answer is no stream. */
  events?: UsageEvents;
  /** Numbers that add up to all input. The first one has to be there. */
  input: readonly MemberPath[];
  /** Numbers that add up to all output. The first one has to be there, unless zeros are left out. */
  output: readonly MemberPath[];
  /** The sum of all input and output. Some APIs count reasoning there, and not in the output. */
  total?: MemberPath;
  /** Input that was read from a cache. */
  cached?: MemberPath;
  /** Input that was written to a cache. */
  cacheWrite?: MemberPath;
  /** Input that was written to a cache which keeps it for an hour. */
  longCacheWrite?: NumberPlace;
  /** Output of reasoning. */
  reasoning?: MemberPath;
  /** Input that is audio. */
  audioInput?: NumberPlace;
  /** Output that is audio. */
  audioOutput?: NumberPlace;
  /** Whether the API leaves out numbers that are zero. */
  omitsZeros?: true;
  /** A list of steps of which only those of the type `message` are in the numbers. */
  steps?: MemberPath;
}

/** How the events of a stream tell what was used. */
export interface UsageEvents {
  /** Texts of which each event with a usage, and the last event, has one. Other events are not parsed. */
  markers: readonly string[];
  /** Where the usage may stand. What a later event says replaces what an earlier one said. */
  places: readonly MemberPath[];
  /** Where the name of the model may stand. */
  models: readonly MemberPath[];
  /** What the last event is. A usage counts only after it. */
  last: LastEvent;
}

/**
 * The last event of a stream: one whose data is a text, one of some types, or the last one of the body, if the last
 * event of each candidate has a reason why it is finished.
 */
export type LastEvent =
  | { data: string }
  | { types: readonly string[] }
  | { candidates: string; reason: string; blocked: MemberPath };

/** Numbers for the bound of what a provider can bill. */
export interface TokenNumbers {
  /** The most input tokens of an image. */
  image: number;
  /** The smallest output cap that is of use, and that the API accepts. */
  leastCap: number;
  /** The output cap where a request has none. */
  usualCap: number;
  /** Where a number of tokens stands that the cap has to exceed. */
  thinking?: MemberPath;
  /** Where the schema of the answer stands. It becomes part of the prompt. */
  schemas: readonly MemberPath[];
}
