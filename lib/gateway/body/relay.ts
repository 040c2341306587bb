/** Bytes as a body gives them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What reading a body once gives. */
export type Piece = Awaited<ReturnType<ReadableStreamDefaultReader<Bytes>["read"]>>;

/** A body of which the first piece has been asked for. */
export interface OpenBody {
  reader: ReadableStreamDefaultReader<Bytes>;
  first: Promise<Piece>;
}

/** What a relayed stream tells as it happens. */
export interface RelayEvents {
  /** It starts; whatever is put into the controller goes out between the source's pieces. */
  onStart?: (controller: ReadableStreamDefaultController<Bytes>) => void;
  /** The source is asked for a piece. */
  onWait?: () => void;
  /** A piece of the source passes. */
  onChunk: (chunk: Bytes) => void;
  /** The source came to its end. */
  onEnd?: () => void;
  /** The source broke off. Returns what the reader is given instead of its error, which may name URLs. */
  onError: (error: unknown) => Error;
  /** The reader left. */
  onCancel?: () => void;
}

/** Asks a body for its first piece. */
export function openBody(source: ReadableStream<Bytes>): OpenBody {
  const reader = source.getReader();
  const first = reader.read();
  // The code that awaits it handles a failure; until then a failure is not an unhandled one.
  first.catch(() => {});
  return { reader, first };
}

/**
 * Passes a body on piece by piece, no faster than its reader asks, and tells how it goes. Exactly one
 * of end, error and cancel is told, and it comes last.
 *
 * @param body the source
 * @param events called as it happens
 */
export function relay({ reader, first }: OpenBody, events: RelayEvents): ReadableStream<Bytes> {
  let next: Promise<Piece> | undefined = first;
  let hasLeft = false;
  return new ReadableStream<Bytes>(
    {
      start: (controller) => events.onStart?.(controller),
      async pull(controller) {
        events.onWait?.();
        try {
          const { done, value } = await (next ?? reader.read());
          next = undefined;
          if (hasLeft) return;
          if (!done) {
            events.onChunk(value);
            controller.enqueue(value);
            return;
          }
        } catch (error) {
          if (hasLeft) return;
          controller.error(events.onError(error));
          return;
        }
        events.onEnd?.();
        controller.close();
      },
      cancel: (reason) => {
        hasLeft = true;
        events.onCancel?.();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 1 },
  );
}
