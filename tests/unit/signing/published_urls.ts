// The URLs that the three published SDKs produced; a copy of the project's shared vectors.
import vectors from "../../vectors/sw1.json";
import type { TestRequest } from "./draft.ts";

/** One URL of the vectors, and the request that its holder makes. */
export interface PublishedUrl {
  /** The case and the SDK. */
  title: string;
  name: string;
  sdk: Sdk;
  url: string;
  request: TestRequest;
  vector: Vector;
}

type Sdk = "python" | "javascript" | "ruby";

/** One case of the vectors. */
export interface Vector {
  name: string;
  id: string;
  secret: string;
  gateway: string;
  target: string;
  expires: number;
  method: string;
  headers?: Record<string, string>;
  body?: string;
  urls: Record<Sdk, string>;
}

/** Every case. */
export const VECTORS = vectors.cases as Vector[];

/** Every URL of every case. */
export const PUBLISHED_URLS: PublishedUrl[] = VECTORS.flatMap((vector) =>
  Object.entries(vector.urls).map(([sdk, url]) => ({
    title: `${vector.name} by ${sdk}`,
    name: vector.name,
    sdk: sdk as Sdk,
    url,
    request: requestTo(url, vector),
    vector,
  })),
);

/** The URL of one case by one SDK. */
export function publishedUrl(name: string, sdk: Sdk): PublishedUrl {
  const found = PUBLISHED_URLS.find((it) => it.name === name && it.sdk === sdk);
  if (!found) throw new RangeError(`the vectors have no ${name} by ${sdk}`);
  return found;
}

function requestTo(url: string, { method, headers = {}, body }: Vector): TestRequest {
  const bytes = new Uint8Array(Buffer.from(body ?? ""));
  const sent = new Headers(headers);
  if (body !== undefined) sent.set("content-length", String(bytes.length));
  return {
    method,
    path: new URL(url).pathname,
    query: url.slice(url.indexOf("?") + 1),
    headers: sent,
    body: bytes,
  };
}
