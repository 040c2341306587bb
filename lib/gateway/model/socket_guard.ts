/** Why a message is refused. */
export interface SocketRefusal {
  code: string;
  detail: string;
  param?: string | undefined;
}

/** Checks what the client of a WebSocket says. */
export interface SocketGuard {
  /** Messages that go up before any of the client. */
  readonly first: readonly string[];
  /**
   * Checks a message of the client.
   *
   * @param message text as a string, or bytes
   * @returns what goes up in its place
   * @throws PolicyError when it is refused, which ends the WebSocket
   */
  check: (message: string | Uint8Array) => string | Uint8Array;
  /**
   * Tells the client why a message is refused, in the form of the API.
   *
   * @param refusal its code, the sentence for the client, and the member at fault
   * @returns a message to the client
   */
  explain: (refusal: SocketRefusal) => string;
}
