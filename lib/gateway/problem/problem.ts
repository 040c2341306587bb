/** The fixed part of a problem document (RFC 9457). It never varies with the request. */
export interface Problem {
  /** The HTTP status code. */
  status: number;
  title: string;
  detail: string;
}
