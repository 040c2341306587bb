import { type BodyReader, type Bytes, type OpenBody, openReader } from "./relay.ts";

/** A body that has a reader, as a stream for code that takes streams alone. {@link readerOf} gets its reader back. */
export class ReaderStream extends ReadableStream<Bytes> {
  /** Reads the same body. Only one of the two may be used. */
  readonly reader: BodyReader;

  /** @param reader reads the body */
  constructor(reader: BodyReader) {
    super(
      {
        async pull(controller) {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
    this.reader = reader;
  }
}

/**
 * Returns the reader of a body that nobody reads yet. Of a {@link ReaderStream} it is the reader behind it: each stream on
 * the way of a body costs some microseconds for each piece.
 */
export function readerOf(body: ReadableStream<Bytes>): BodyReader {
  return body instanceof ReaderStream && !body.locked ? body.reader : body.getReader();
}

/** Requests the first piece of a body. */
export function openBody(source: ReadableStream<Bytes>): OpenBody {
  return openReader(readerOf(source));
}
