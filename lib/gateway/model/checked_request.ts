/** What policies make of a request. */
export interface CheckedRequest {
  /** The edits that the client is told of, such as `max_output_tokens=800`. */
  edits: readonly string[];
  /** Whether the body was checked and is sent as it was serialised again. */
  hasBody: boolean;
}
