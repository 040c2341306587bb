/** Which web pages may call the gateway (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface CorsPolicy {
  /** Exact origins. Default: any. */
  origins?: readonly string[];
  /** Methods that a preflight allows. Default: any. */
  methods?: readonly string[];
  /** Headers that a preflight allows. Default: the ones that the browser asked for. */
  headers?: readonly string[];
  /** Headers of the response that a page may read. Default: all. */
  expose?: readonly string[];
}
