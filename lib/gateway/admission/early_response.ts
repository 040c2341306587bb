/** What ends the admission of a request when `findApp` has answered it. It is thrown, and no error. */
export class EarlyResponse {
  /** What goes to the client. */
  readonly response: Response;

  constructor(response: Response) {
    this.response = response;
  }
}
