// Codings that clients decode: https://www.iana.org/assignments/http-parameters#content-coding. Other
// values ("none", "utf-8") leave the body as it is.
const CODINGS: ReadonlySet<string> = new Set([
  ...["aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip"],
  ...["x-compress", "x-gzip", "zstd"],
]);

/** Whether a response is an event stream. */
export function isEventStream(headers: Headers): boolean {
  const type = headers.get("content-type");
  return type !== null && lastType(type) === "text/event-stream";
}

/**
 * The last of several types, without its parameters: https://fetch.spec.whatwg.org/#concept-header-extract-mime-type.
 * A regular expression for it takes quadratic time.
 */
function lastType(types: string): string {
  let end = types.length;
  while (end > 0 && (types[end - 1] === "," || types[end - 1]!.trim() === "")) end--;
  const start = types.lastIndexOf(",", end - 1) + 1;
  const [type = ""] = types.slice(start, end).split(";", 1);
  return type.trim().toLowerCase();
}

/** Whether a response is a stream of events in the binary form of AWS. */
export function isEventFrames(headers: Headers): boolean {
  return /^\s*application\/vnd\.amazon\.eventstream\s*(;|$)/i.test(
    headers.get("content-type") ?? "",
  );
}

/** Whether a body has a content coding, so that nothing can be written into it. */
export function isEncoded(headers: Headers): boolean {
  const codings = headers.get("content-encoding");
  if (codings === null) return false;
  return codings.split(",").some((coding) => CODINGS.has(coding.trim().toLowerCase()));
}

/** Whether a body is JSON, by its type. */
export function isJson(headers: Headers): boolean {
  return /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i.test(headers.get("content-type") ?? "");
}
