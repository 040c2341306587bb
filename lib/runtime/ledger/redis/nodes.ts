/** A connection to one server process. When it ends, what was sent on it is never sent again. */
export interface Link {
  /** The run id of the process. */
  readonly runId: string;
  /**
   * Sends a command.
   *
   * @param command its name
   * @param args of the command
   * @returns its reply
   * @throws as a rejection: NotExecutedError when it was not sent, the server's error, or an error when no answer
   *   came in time
   */
  send: (command: string, args: string[]) => Promise<unknown>;
}

/** The servers of a store. */
export interface Nodes {
  /**
   * For how long gateways may use an old primary when there is a new one, in milliseconds. A credential that is issued
   * meanwhile must not be accepted by both. Default: not at all.
   */
  readonly overlapMs?: number;
  /** Returns the connection to the server that has an app; `undefined` when there is none now. */
  linkFor: (app: string) => Link | undefined;
  /** Is told of an error that a server has answered with, because another server may have the app now. */
  failed: (link: Link, message: string) => void;
  /** Ends all connections. */
  close: () => void;
}

/** The events of the servers of a store. */
export interface NodeEvents {
  /** A connection was opened, and its server fits. */
  onLink: (link: Link) => void;
  /** A connection has ended, or could not be opened. */
  onFailure: (reason: string) => void;
}
