/** The path that an application is given, from the one on the request line. */
export type ServerModel = (path: string) => string;

/**
 * A WSGI server with Django: PATH_INFO is decoded once, byte by byte, and read as UTF-8; what is not
 * UTF-8 stays encoded.
 * https://peps.python.org/pep-3333/#unicode-issues, django.core.handlers.wsgi.get_path_info
 */
export const wsgi: ServerModel = (path) => decode(path);

/**
 * Servers that read a path more loosely, each in an order of steps that some server or framework has.
 * Query strings are not part of it.
 */
export const OTHER_SERVERS: Readonly<Record<string, ServerModel>> = {
  "joins slashes and resolves dots after decoding": (path) =>
    resolveDots(joinSlashes(decode(path))),
  "resolves dots after decoding, slashes as they are": (path) => resolveDots(decode(path)),
  "resolves dots before decoding": (path) => decode(resolveDots(path)),
  "decodes twice": (path) => decode(decode(path)),
  "decodes twice, then resolves dots": (path) => resolveDots(decode(decode(path))),
  "decodes twice, joins slashes, resolves dots": (path) =>
    resolveDots(joinSlashes(decode(decode(path)))),
  "takes a backslash for a slash": (path) => resolveDots(joinSlashes(toSlashes(decode(path)))),
  "takes a backslash for a slash before decoding": (path) => resolveDots(decode(toSlashes(path))),
  "drops parameters, then decodes": (path) => decode(dropParameters(path)),
  "drops parameters, then decodes and resolves dots": (path) =>
    resolveDots(decode(dropParameters(path))),
  "drops parameters, resolves dots, then decodes": (path) =>
    decode(resolveDots(dropParameters(path))),
  "decodes, then drops parameters and resolves dots": (path) =>
    resolveDots(joinSlashes(dropParameters(decode(path)))),
  "drops tabs and newlines, then resolves dots": (path) =>
    resolveDots(joinSlashes(decode(path).replace(/[\t\n\r]/g, ""))),
  "ends at NUL": (path) => resolveDots(joinSlashes(decode(path).split("\0")[0]!)),
};

function decode(path: string): string {
  const bytes = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const isBytes = !/[^\0-\xff]/.test(bytes);
  return isBytes ? Buffer.from(bytes, "latin1").toString("utf8") : bytes;
}

function joinSlashes(path: string): string {
  return path.replace(/\/+/g, "/");
}

function toSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}

function dropParameters(path: string): string {
  return path.replace(/;[^/]*/g, "");
}

function resolveDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/").slice(1);
  for (const [i, segment] of segments.entries()) {
    const isDot = segment === "." || segment === "..";
    if (segment === "..") kept.pop();
    if (!isDot) kept.push(segment);
    else if (i === segments.length - 1) kept.push("");
  }
  return `/${kept.join("/")}`;
}
