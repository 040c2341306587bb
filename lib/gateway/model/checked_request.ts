import type { ResponseEdit } from "./response_edit.ts";

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
}
