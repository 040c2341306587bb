/** Bytes of a body. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The result of one read of a body. */
export type Piece = Awaited<ReturnType<ReadableStreamDefaultReader<Bytes>["read"]>>;

/** Reads a body piece by piece. */
export interface BodyReader {
  read: () => Promise<Piece>;
  cancel: (reason?: unknown) => Promise<void>;
}

/** A body whose first piece has been requested. */
export interface OpenBody {
  reader: BodyReader;
  first: Promise<Piece>;
}

/** The callbacks of a relayed stream. */
export interface RelayEvents {
  /** The stream starts. Bytes that are added to the controller are sent between the source's pieces. */
  onStart?(controller: ReadableStreamDefaultController<Bytes>): void;
  /** A piece is requested from the source. */
  onWait?(): void;
  /** A piece of the source has arrived. */
  onChunk(chunk: Bytes): void;
  /** The source has ended. */
  onEnd?(): void;
  /** The source has failed. Returns the error for the reader: the original may contain URLs. */
  onError(error: unknown): Error;
  /** The reader has cancelled the stream. */
  onCancel?(): void;
}

/** Requests the first piece of a body that is read already. */
export function openReader(reader: BodyReader): OpenBody {
  const first = reader.read();
  // The code that awaits it handles a rejection. Until then it must not count as unhandled.
  first.catch(() => {});
  return { reader, first };
}

/**
 * Passes a body on piece by piece, no faster than its reader reads. Exactly one of `onEnd`, `onError` and
 * `onCancel` is called, and it is the last call.
 *
 * @param body the source
 * @param events the callbacks
 * @returns the relayed stream
 */
export function relay(body: OpenBody, events: RelayEvents): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>(new RelaySource(body, events), { highWaterMark: 1 });
}

// Thousands of streams are open for minutes: an object takes less memory than three closures with their scope.
class RelaySource implements UnderlyingDefaultSource<Bytes> {
  readonly #reader: BodyReader;
  readonly #events: RelayEvents;
  #next: Promise<Piece> | undefined;
  #hasLeft = false;

  constructor({ reader, first }: OpenBody, events: RelayEvents) {
    this.#reader = reader;
    this.#events = events;
    this.#next = first;
  }

  start(controller: ReadableStreamDefaultController<Bytes>): void {
    this.#events.onStart?.(controller);
  }

  async pull(controller: ReadableStreamDefaultController<Bytes>): Promise<void> {
    const events = this.#events;
    events.onWait?.();
    try {
      const { done, value } = await (this.#next ?? this.#reader.read());
      this.#next = undefined;
      if (this.#hasLeft) return;
      if (!done) {
        events.onChunk(value);
        controller.enqueue(value);
        return;
      }
    } catch (error) {
      if (this.#hasLeft) return;
      controller.error(events.onError(error));
      return;
    }
    events.onEnd?.();
    controller.close();
  }

  cancel(reason: unknown): Promise<void> {
    this.#hasLeft = true;
    this.#events.onCancel?.();
    return this.#reader.cancel(reason);
  }
}
