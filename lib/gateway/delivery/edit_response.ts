import { EventSplitter } from "../body/event_splitter.ts";
import { isEncoded, isEventStream, isJson } from "../body/event_type.ts";
import { GrowingBuffer } from "../body/growing_buffer.ts";
import { type Editor, EditedReader } from "../body/edited_reader.ts";
import { readerOf, ReaderStream } from "../body/reader_stream.ts";
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
  const editor: Editor = {
    take(piece) {
      if (whole.size + piece.length > MAX_DOCUMENT) throw new RangeError("the body is too long");
      whole.append(piece);
      return [];
    },
    end: () => (whole.size === 0 ? [] : [editBody(whole.bytes(), edit)]),
  };
  return new ReaderStream(new EditedReader(readerOf(source), editor));
}

function editedEvents(source: ReadableStream<Bytes>, edit: ResponseEdit): ReadableStream<Bytes> {
  const splitter = new EventSplitter(MAX_DOCUMENT);
  const edited = (events: Bytes[]) =>
    events.map((event) => editEvent(event, edit)).filter((event) => event !== undefined);
  const editor: Editor = {
    take(piece) {
      const events = splitter.push(piece);
      if (splitter.isExceeded) throw new RangeError("an event is too long");
      return edited(events);
    },
    end: () => edited([splitter.end()]),
  };
  return new ReaderStream(new EditedReader(readerOf(source), editor));
}
