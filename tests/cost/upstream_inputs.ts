import {
  isEncoded,
  isEventFrames,
  isEventStream,
  isJson,
} from "../../lib/gateway/body/event_type.ts";
import { contentLength } from "../../lib/gateway/body/message_length.ts";
import { hideParameters } from "../../lib/gateway/delivery/credentials/hide_parameters.ts";
import { stripResponseHeaders } from "../../lib/gateway/delivery/response_headers.ts";
import type { Reader } from "./reader.ts";

const PIECES = {
  ...{ spaces: " ", tabs: "\t", commas: ",", semicolons: ";", quotes: '"', "angle brackets": "<" },
  ...{ slashes: "/", "question marks": "?", letters: "a", "spaces and commas": " ,", pairs: ";a=" },
};

const QUERY = { query: [["key", "a secret of an operator"]] } as const;

/** Reads a header whose value begins and ends as given, so that no parser can stop early. */
const header =
  (name: string, [before, after]: readonly [string, string], read: (headers: Headers) => unknown) =>
  (text: string) =>
    read(new Headers({ [name]: `${before}${text}${after}` }));

const TYPES: Readonly<Record<string, (headers: Headers) => unknown>> = {
  ...{ isEventStream, isJson, isEventFrames },
};

const STARTS: Readonly<Record<string, string>> = {
  isEventStream: "text/event-stream",
  isJson: "application/json",
  isEventFrames: "application/vnd.amazon.eventstream",
};

const typeReaders = Object.entries(TYPES).flatMap(([name, read]): [string, Reader][] => {
  const start = STARTS[name]!;
  return [
    [
      `${name}, behind the type`,
      { read: header("content-type", [start, "x"], read), pieces: PIECES },
    ],
    [
      `${name}, behind a parameter`,
      { read: header("content-type", [`${start};`, ",x"], read), pieces: PIECES },
    ],
    [
      `${name}, before the type`,
      { read: header("content-type", ["x", `${start}x`], read), pieces: PIECES },
    ],
  ];
});

/** What is read of the headers of a response. An upstream may be that of a caller. */
export const UPSTREAM_READERS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(typeReaders),
  "a content coding": { read: header("content-encoding", ["a", "a"], isEncoded), pieces: PIECES },
  "a content length": { read: header("content-length", ["1", "1"], contentLength), pieces: PIECES },
  ...Object.fromEntries(
    ["connection", "www-authenticate", "set-cookie", "cache-control"].map((name) => [
      `${name} of a response`,
      {
        read: header(name, ["a", "a"], (headers) => stripResponseHeaders(headers)),
        pieces: PIECES,
      },
    ]),
  ),
  ...Object.fromEntries(
    ["link", "location", "x-any"].map((name) => [
      `secret parameters in ${name}`,
      {
        read: header(name, ["a", "a"], (headers) => hideParameters(headers, QUERY)),
        pieces: PIECES,
      },
    ]),
  ),
};
