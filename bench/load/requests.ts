/** One HTTP/1.1 request, as it is sent. */
export interface WireRequest {
  /** Default: `GET`. */
  method?: string;
  /** Path and query. */
  target: string;
  /** Beside Host and Content-Length. Default: none. */
  headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  body?: string | Uint8Array<ArrayBuffer>;
}

/** The bytes of a request to a server of this machine. */
export function formatRequest(request: WireRequest): Buffer {
  const { method = "GET", target, headers = {}, body } = request;
  const bytes = Buffer.from(body ?? "");
  const length = body === undefined ? {} : { "Content-Length": `${bytes.length}` };
  const fields = Object.entries({ Host: "127.0.0.1", ...headers, ...length });
  const lines = [`${method} ${target} HTTP/1.1`, ...fields.map((field) => field.join(": "))];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), bytes]);
}

/**
 * Writes requests in the form that `wrk.lua` reads: the bytes of each request after a line with
 * their number.
 *
 * @returns the path
 */
export async function writeRequests(
  path: string,
  requests: readonly WireRequest[],
): Promise<string> {
  const blocks = requests.map(formatRequest).flatMap((bytes) => {
    return [Buffer.from(`${bytes.length}\n`), bytes];
  });
  await Bun.write(path, Buffer.concat(blocks));
  return path;
}
