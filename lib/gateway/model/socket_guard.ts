import type { RequestBound } from "./bound.ts";
import type { Usage } from "./usage.ts";

/** Why a message is refused. */
export interface SocketRefusal {
  code: string;
  detail: string;
  param?: string | undefined;
}

/** A message of the client that was checked. */
export interface CheckedMessage {
  /** What goes up. Absent: nothing does. */
  message?: string | Uint8Array;
  /** What the client is told. Absent: nothing. */
  reply?: string;
  /** Set when it makes the provider bill something that is counted. */
  response?: CountedResponse;
}

/** A response that a message asks for. */
export interface CountedResponse {
  /** The most that the provider can bill for it, which is reserved before the message goes up. */
  bound: RequestBound;
  /**
   * Lowers the output cap of the message, and opens the response.
   *
   * @param cap what is granted
   * @returns the message to send
   */
  withCap: (cap: number) => string;
}

/** The end of a counted response: what the provider reported, in LLM tokens and nano-dollars. */
export interface ResponseReport {
  tokens?: number;
  cost?: number;
  /** The report itself. Absent: there is none. */
  usage?: Usage;
}

/** Checks what the client of a WebSocket says. */
export interface SocketGuard {
  /** Messages that go up before any of the client. */
  readonly first: readonly string[];
  /**
   * Checks a message of the client.
   *
   * @param message text as a string, or bytes
   * @throws PolicyError when it is refused, which ends the WebSocket
   */
  check: (message: string | Uint8Array) => CheckedMessage;
  /**
   * Reads a text message of the upstream.
   *
   * @returns the report when it ends a counted response; `undefined` otherwise
   * @throws GatewayError when the upstream does not take what the guard has set, which ends the WebSocket
   */
  read: (message: string) => ResponseReport | undefined;
  /**
   * Edits a text message of the upstream for the client.
   *
   * @returns the same text, or an edited one; `undefined` when the client gets nothing
   */
  show: (message: string) => string | undefined;
  /**
   * Tells the client why a message is refused, in the form of the API.
   *
   * @param refusal its code, the sentence for the client, and the member at fault
   * @returns a message to the client; `undefined` where the API has none
   */
  explain: (refusal: SocketRefusal) => string | undefined;
}
