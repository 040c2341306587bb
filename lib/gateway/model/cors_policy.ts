/** Which browsers' pages may call, in the terms of the Fetch standard. */
export interface CorsPolicy {
  /** Exact origins. Default: any. */
  origins?: readonly string[];
  /** Methods that a preflight is granted. Default: any. */
  methods?: readonly string[];
  /** Headers that a preflight is granted. Default: the ones that the browser asked for. */
  headers?: readonly string[];
  /** Headers of the answer that a page may read. Default: all. */
  expose?: readonly string[];
}
