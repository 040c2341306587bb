/** The statuses of errors that every provider has a form for. */
export type ProviderStatus = 400 | 401 | 403 | 404 | 429;

/** An error of a provider, before it has the provider's form. */
export class ProviderError extends Error {
  readonly status: ProviderStatus;
  readonly param: string | null;

  /**
   * @param status of the response
   * @param message for a person
   * @param param the member of the body that is wrong
   */
  constructor(status: ProviderStatus, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
  }
}

/** The member of a body; throws the error of a request that lacks it. */
export function required<T>(body: Record<string, T>, param: string): T & {} {
  const value = body[param];
  if (value != null) return value;
  throw new ProviderError(400, `Missing required parameter: '${param}'.`, param);
}
