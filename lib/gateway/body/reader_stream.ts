import { type BodyReader, type Bytes, type OpenBody, openReader } from "./relay.ts";

/** A body as a stream for those who do not know that it has a reader. */
export class ReaderStream extends ReadableStream<Bytes> {
  /** Reads the same body. Either it or the stream is read. */
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
 * The reader of a body that nobody reads yet. It passes by a {@link ReaderStream}: each stream on the way of a body costs
 * some microseconds for each of its pieces.
 */
export function readerOf(body: ReadableStream<Bytes>): BodyReader {
  return body instanceof ReaderStream && !body.locked ? body.reader : body.getReader();
}

/** Requests the first piece of a body. */
export function openBody(source: ReadableStream<Bytes>): OpenBody {
  return openReader(readerOf(source));
}
