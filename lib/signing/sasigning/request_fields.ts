/** The parts of a request that the header scheme can sign, as Django's request object defines them. */
export interface FieldSource {
  /** Upper or lower case. */
  method: string;
  /** Percent-decoded, without the query string. */
  path: string;
  /** The path below the application's mount point. Default: `path`. */
  pathInfo?: string;
  /** The raw query string without `?`. */
  query?: string;
  /** Default: none. */
  headers?: Pick<Headers, "get">;
  /** `http` or `https`. */
  scheme?: string;
  /** The client's address. */
  remoteAddress?: string;
  /** The host name of the server. */
  serverName?: string;
  /** The exact body. Text is signed as UTF-8. */
  body?: string | Uint8Array;
}

type ReadField = (request: FieldSource) => string | Uint8Array | null | undefined;

// https://docs.djangoproject.com/en/stable/ref/request-response/#attributes and #META
const FIELDS: Readonly<Record<string, ReadField>> = {
  path: (request) => request.path,
  path_info: readPathInfo,
  method: readMethod,
  scheme: (request) => request.scheme,
  body: (request) => request.body,
  content_type: (request) => readContentType(request)?.split(";")[0]?.trim().toLowerCase(),
  QUERY_STRING: (request) => request.query,
  REMOTE_ADDR: (request) => request.remoteAddress,
  SERVER_NAME: (request) => request.serverName,
  CONTENT_TYPE: readContentType,
  CONTENT_LENGTH: (request) => request.headers?.get("content-length"),
  REQUEST_METHOD: readMethod,
  PATH_INFO: readPathInfo,
};

const HEADER_FIELD = /^HTTP_[A-Z0-9_]+$/;

/** The names of the fields, apart from `HTTP_…`, which names any header. */
export const FIELD_NAMES: readonly string[] = /* @__PURE__ */ Object.keys(FIELDS);

/**
 * Whether a name is the name of a field.
 *
 * @param name one of {@link FIELD_NAMES}, or `HTTP_` and a header's name in upper case with `_` for `-`
 */
export function isFieldName(name: string): boolean {
  return Object.hasOwn(FIELDS, name) || HEADER_FIELD.test(name);
}

/**
 * Reads a field of a request.
 *
 * @param name the name of the field
 * @param request the request
 * @returns text or bytes; `undefined` when the request lacks the field or it is empty
 * @throws TypeError when {@link isFieldName} is false for the name
 */
export function fieldValue(name: string, request: FieldSource): string | Uint8Array | undefined {
  const read = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (!read && !HEADER_FIELD.test(name)) throw new TypeError(`unknown field ${name}`);
  const value = read ? read(request) : request.headers?.get(headerName(name));
  return value?.length ? value : undefined;
}

function headerName(field: string): string {
  return field.slice("HTTP_".length).toLowerCase().replaceAll("_", "-");
}

function readMethod(request: FieldSource): string {
  return request.method.toUpperCase();
}

function readContentType(request: FieldSource): string | null | undefined {
  return request.headers?.get("content-type");
}

function readPathInfo(request: FieldSource): string {
  return request.pathInfo ?? request.path;
}
