/** A request as the header-signature scheme sees it, which is as Django sees it. */
export interface FieldSource {
  /** Upper or lower case. */
  method: string;
  /** Percent-decoded, without the query string. */
  path: string;
  /** The path below the application's mount point. Default: `path`. */
  pathInfo?: string;
  /** Raw, without `?`. */
  query?: string;
  headers?: Pick<Headers, "get">;
  /** `http` or `https`. */
  scheme?: string;
  /** The client's address. */
  remoteAddress?: string;
  /** The name that the server goes by. */
  serverName?: string;
  /** The exact body; text stands for its UTF-8. */
  body?: string | Uint8Array;
}

type Value = string | Uint8Array | null | undefined;

// https://docs.djangoproject.com/en/stable/ref/request-response/#attributes and #META
const FIELDS: Readonly<Record<string, (request: FieldSource) => Value>> = {
  path: (request) => request.path,
  path_info: pathInfo,
  method,
  scheme: (request) => request.scheme,
  body: (request) => request.body,
  content_type: (request) => contentType(request)?.split(";")[0]?.trim().toLowerCase(),
  QUERY_STRING: (request) => request.query,
  REMOTE_ADDR: (request) => request.remoteAddress,
  SERVER_NAME: (request) => request.serverName,
  CONTENT_TYPE: contentType,
  CONTENT_LENGTH: (request) => request.headers?.get("content-length"),
  REQUEST_METHOD: method,
  PATH_INFO: pathInfo,
};

const HEADER = /^HTTP_[A-Z0-9_]+$/;

/** The names that a field may have, `HTTP_…` for any header aside. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS);

/** Whether a name is one of a field: of {@link FIELD_NAMES}, or `HTTP_` and a header in upper case. */
export function isFieldName(name: string): boolean {
  return Object.hasOwn(FIELDS, name) || HEADER.test(name);
}

/**
 * The value of a field.
 *
 * @param name for which {@link isFieldName} holds
 * @param request where it is looked up
 * @returns text or bytes; `undefined` when the request lacks it or it is empty
 * @throws TypeError when there is no such field
 */
export function fieldValue(name: string, request: FieldSource): string | Uint8Array | undefined {
  const resolve = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (!resolve && !HEADER.test(name)) throw new TypeError(`there is no field ${name}`);
  const value = resolve ? resolve(request) : request.headers?.get(headerOf(name));
  return value?.length ? value : undefined;
}

function headerOf(name: string): string {
  return name.slice("HTTP_".length).toLowerCase().replaceAll("_", "-");
}

function method(request: FieldSource): string {
  return request.method.toUpperCase();
}

function contentType(request: FieldSource): string | null | undefined {
  return request.headers?.get("content-type");
}

function pathInfo(request: FieldSource): string {
  return request.pathInfo ?? request.path;
}
