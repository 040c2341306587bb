import type { RequestBound } from "./bound.ts";
import type { ResponseEdit } from "./response_edit.ts";
import type { SocketGuard } from "./socket_guard.ts";
import type { FinishReader, Usage, UsageReader } from "./usage.ts";

/** What policies make of a request. */
export interface CheckedRequest {
  /** The edits that the client is told of, such as `max_output_tokens=800`. */
  edits: readonly string[];
  /** Whether the body was checked and is sent as it was serialised again. */
  hasBody: boolean;
  /** Whether a header of the client is forwarded, by its name in lower case. Absent: all are, as usual. */
  isForwardedHeader?: (name: string) => boolean;
  /** How the response is edited. Absent: not at all. */
  response?: ResponseEdit;
  /** How the usage is read from the answer of the upstream, before edits. Absent: not at all. */
  usage?: UsageReading;
  /** Checks the messages of a WebSocket. Absent: it may say anything, or the request opens none. */
  socket?: SocketGuard;
  /** What the provider can bill for it at most. Absent: no counter needs it. */
  bound?: RequestBound;
  /** Lowers the output cap of the body, after the reservation. Absent: there is none to lower. */
  lowerCap?: (cap: number) => void;
}

/** How the usage of an exchange is read. */
export interface UsageReading {
  /**
   * Creates the reader of an answer.
   *
   * @param answer the head of the upstream's answer
   * @returns `undefined` when the answer has no usage that could be read: it failed, or has a content coding
   */
  readerFor: (answer: Pick<Response, "status" | "headers">) => UsageReader | undefined;
  /**
   * The cost of what was reported, in nano-dollars.
   *
   * @param usage the report
   * @returns `undefined` when it cannot be told: a model has no price
   */
  costOf: (usage: Usage) => number | undefined;
  /** The call, as metrics and telemetry need it. Absent: they are told nothing of the model. */
  called?: CalledModel;
}

/** A call of a model. */
export interface CalledModel {
  /** The provider of the API. */
  provider: string;
  /** What the operation does, as `gen_ai.operation.name` of OpenTelemetry. */
  operation: string;
  /** The model that the request names. Absent: it was not read. */
  model?: string | undefined;
  /**
   * The name of the model that answered in the table of prices.
   *
   * @param usage the report
   * @returns `undefined` when it has no price
   */
  pricedAs: (usage: Usage) => string | undefined;
  /** Creates the reader of why the model stopped. */
  finishReader: () => FinishReader;
}
