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
  /**
   * The path behind the one of the rule's `url` and a version. `{model}` is the name of a model in it, and occurs once
   * at most.
   */
  path: string;
  /** What the body may be. Absent: there is no body. */
  body?: Shape;
  /** Where the body names the model. */
  modelIn?: MemberPath;
  /** What may stand before the name of a model, in a body or an answer. */
  modelPrefix?: string;
  /** Where the caps of output tokens stand. The first one is filled in when a request has none of them. */
  caps?: readonly MemberPath[];
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
  /** Where the answer says what was used; for limits on tokens. */
  usage?: UsagePlaces;
}

/** Where the text of the system message is set: as a first message, a member, or content of parts in a member. */
export type SystemPlace =
  | { form: "message"; member: string }
  | { form: "text"; member: string }
  | { form: "content"; member: string };

/** The forms of an error in a stream that ends early, which the SDKs turn into a typed error. */
export type CutForm = "chat" | "responses" | "anthropic" | "google";

/** Where an answer says what was used, and in which members. */
export interface UsagePlaces {
  /** In an answer that is no stream. */
  body: MemberPath;
  /** In an event; of several the last one counts. */
  events: readonly MemberPath[];
  input: MemberPath;
  output: readonly MemberPath[];
  cached?: MemberPath;
  reasoning?: MemberPath;
}
