/**
 * Functions that one process offers to another, by their names. Arguments and results are copied, so they
 * must be plain values.
 */
export type Procedures = Record<string, (...args: never[]) => unknown>;

/** A message between two processes. A call without an id gets no response. */
export type Message =
  | { kind: "call"; name: string; args: unknown[]; id?: number }
  | { kind: "response"; id: number; result: unknown };

type Result<Procedure extends (...args: never[]) => unknown> = Awaited<ReturnType<Procedure>>;

const RESPONSE_TIMEOUT_MS = 2_000;

/** One end of a connection between two processes, each of which may call procedures of the other. */
export class Channel<Remote extends Procedures, Local extends Procedures> {
  readonly #send: (message: Message) => void;
  readonly #local: Partial<Procedures>;
  readonly #pending = new Map<number, (result?: unknown) => void>();
  #lastId = 0;

  /**
   * @param send passes a message to the other process
   * @param local the procedures that the other process may call; they must not throw. A call of a
   *   procedure that is missing here is ignored and gets no response.
   */
  constructor(send: (message: Message) => void, local: Partial<Local>) {
    this.#send = send;
    this.#local = local;
  }

  /**
   * Calls a procedure of the other process without waiting for its result.
   *
   * @param name the procedure
   * @param args its arguments
   * @throws the runtime's error when the connection is closed
   */
  notify<Name extends keyof Remote & string>(name: Name, ...args: Parameters<Remote[Name]>): void {
    this.#send({ kind: "call", name, args });
  }

  /**
   * Calls a procedure of the other process and waits for its result.
   *
   * @param name the procedure
   * @param args its arguments
   * @returns the result; `undefined` when the other process ends or does not respond within 2 seconds
   */
  request<Name extends keyof Remote & string>(
    name: Name,
    ...args: Parameters<Remote[Name]>
  ): Promise<Result<Remote[Name]> | undefined> {
    return this.#request(name, args, RESPONSE_TIMEOUT_MS);
  }

  /**
   * Calls a procedure of the other process that may take long, and waits for its result.
   *
   * @param name the procedure
   * @param args its arguments
   * @returns the result; `undefined` when the other process ends
   */
  requestPatiently<Name extends keyof Remote & string>(
    name: Name,
    ...args: Parameters<Remote[Name]>
  ): Promise<Result<Remote[Name]> | undefined> {
    return this.#request(name, args);
  }

  #request<Name extends keyof Remote & string>(
    name: Name,
    args: Parameters<Remote[Name]>,
    timeoutMs?: number,
  ): Promise<Result<Remote[Name]> | undefined> {
    const { promise, resolve } = Promise.withResolvers<Result<Remote[Name]> | undefined>();
    const id = ++this.#lastId;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => this.#settle(id, undefined), timeoutMs);
    this.#pending.set(id, (result) => {
      clearTimeout(timer);
      resolve(result as Result<Remote[Name]> | undefined);
    });
    try {
      this.#send({ kind: "call", name, args, id });
    } catch {
      // The other process has closed its end and is about to exit.
      this.#settle(id, undefined);
    }
    return promise;
  }

  /**
   * Handles a message from the other process: runs the procedure that it calls, or settles the request
   * that it responds to.
   *
   * @param message the message as it was received
   */
  async receive(message: Message): Promise<void> {
    if (message.kind === "response") return this.#settle(message.id, message.result);
    const { name, args, id } = message;
    const procedure = this.#local[name];
    if (!procedure) return;
    const result = await procedure(...(args as never[]));
    if (id === undefined) return;
    try {
      this.#send({ kind: "response", id, result });
    } catch {
      // The other process has ended, or is about to. Nobody waits for the response.
    }
  }

  /** Settles every pending request with `undefined`, because the other process has ended. */
  close(): void {
    for (const id of this.#pending.keys()) this.#settle(id, undefined);
  }

  #settle(id: number, result: unknown): void {
    this.#pending.get(id)?.(result);
    this.#pending.delete(id);
  }
}
