/** The fixed part of a problem document (RFC 9457). It never varies with the request. */
export interface Problem {
  /** The HTTP status code. */
  status: number;
  title: string;
  detail: string;
  /** For clients that try again: after how many seconds. Absent: the problem has no such time. */
  retryAfter?: number;
  /** Set when a retry cannot help although the status suggests it. */
  isFinal?: true;
}
