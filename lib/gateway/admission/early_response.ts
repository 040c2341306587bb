/** Thrown to end the admission of a request when `findApp` returned a response. It is not an error. */
export class EarlyResponse {
  /** The response for the client. */
  readonly response: Response;

  constructor(response: Response) {
    this.response = response;
  }
}
