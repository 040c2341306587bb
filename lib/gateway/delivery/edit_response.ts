import { EventSplitter } from "../body/event_splitter.ts";
import { isEncoded, isEventStream, isJson } from "../body/event_type.ts";
import { GrowingBuffer } from "../body/growing_buffer.ts";
import type { Bytes } from "../body/relay.ts";
import type { ResponseEdit } from "../model/response_edit.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { editBody, editEvent } from "./edit_document.ts";

/** The most bytes of a body of JSON, or of an event, that are edited. */
const MAX_DOCUMENT = 8 * 1024 * 1024;

// They are about the bytes that the upstream sent.
const ABOUT_BYTES = [
  ...[
    "accept-ranges",
    "content-digest",
    "content-length",
    "content-md5",
    "content-range",
    "digest",
  ],
  ...["etag", "last-modified", "repr-digest", "signature", "signature-input"],
];

const NO_BODY: readonly number[] = [204, 205, 304];

/**
 * Edits an upstream's response: a body of JSON as a whole, an event stream event by event. Nothing that cannot be read
 * reaches the client: of an error in another form only the status, of another answer nothing.
 *
 * @param response with its body unread
 * @param edit what is changed
 * @returns the response to relay. Its body fails when the upstream's body is not what its type says
 * @throws GatewayError `upstream_broken` for an answer that cannot be edited
 */
export function editResponse(response: Response, edit: ResponseEdit): Response {
  const { status, body } = response;
  const headers = new Headers(response.headers);
  for (const name of ABOUT_BYTES) headers.delete(name);
  if (!body || NO_BODY.includes(status)) return new Response(null, { status, headers });
  const isReadable = !isEncoded(headers) && status !== 206;
  if (isReadable && isEventStream(headers)) {
    return new Response(editedEvents(body, edit), { status, headers });
  }
  if (isReadable && isJson(headers)) {
    return new Response(editedBody(body, edit), { status, headers });
  }
  void body.cancel().catch(() => {});
  if (status < 400) {
    throw new GatewayError(
      "upstream_broken",
      "an answer that is edited is neither JSON nor events",
    );
  }
  headers.delete("content-type");
  headers.delete("content-encoding");
  return new Response(null, { status, headers });
}

function editedBody(source: ReadableStream<Bytes>, edit: ResponseEdit): ReadableStream<Bytes> {
  const whole = new GrowingBuffer(MAX_DOCUMENT);
  return editedStream(source, {
    take(piece) {
      if (whole.size + piece.length > MAX_DOCUMENT) throw new RangeError("the body is too long");
      whole.append(piece);
      return [];
    },
    end: () => (whole.size === 0 ? [] : [editBody(whole.bytes(), edit)]),
  });
}

function editedEvents(source: ReadableStream<Bytes>, edit: ResponseEdit): ReadableStream<Bytes> {
  const splitter = new EventSplitter(MAX_DOCUMENT);
  const edited = (events: Bytes[]) =>
    events.map((event) => editEvent(event, edit)).filter((event) => event !== undefined);
  return editedStream(source, {
    take(piece) {
      const events = splitter.push(piece);
      if (splitter.isExceeded) throw new RangeError("an event is too long");
      return edited(events);
    },
    end: () => edited([splitter.end()]),
  });
}

/** Takes the pieces of a stream, and gives those of another. */
interface Editor {
  take: (piece: Bytes) => Bytes[];
  /** Called at the end of the stream. */
  end: () => Bytes[];
}

function editedStream(source: ReadableStream<Bytes>, editor: Editor): ReadableStream<Bytes> {
  const reader = source.getReader();
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        try {
          await pullEdited(reader, editor, controller);
        } catch (error) {
          void reader.cancel().catch(() => {});
          throw error;
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Reads on until there is something to send. */
async function pullEdited(
  reader: ReadableStreamDefaultReader<Bytes>,
  editor: Editor,
  controller: ReadableStreamDefaultController<Bytes>,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    const edited = done ? editor.end() : editor.take(value);
    const pieces = edited.filter(({ length }) => length > 0);
    for (const piece of pieces) controller.enqueue(piece);
    if (done) controller.close();
    if (done || pieces.length > 0) return;
  }
}
