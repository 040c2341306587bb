import type { JsonValue } from "../../signing/verify.ts";

/**
 * How the answer to a request is edited: a body of JSON, or the data of each event of an event stream. An answer that
 * cannot be read as one of them is not forwarded.
 */
export interface ResponseEdit {
  /** A text that each document has which the edit changes. Others are forwarded as they are. */
  marker: string;
  /**
   * Edits a document.
   *
   * @param document the body, or the data of an event. It may be changed
   * @returns the document to send; `undefined` leaves the event out
   */
  edit: (document: JsonValue) => JsonValue | undefined;
}
