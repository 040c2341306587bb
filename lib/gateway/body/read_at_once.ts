import { GatewayError } from "../problem/gateway_error.ts";
import type { Bytes } from "./relay.ts";

/** The reading of a body that a limit can end. */
export interface AtOnce {
  /** Rejects with a GatewayError: `request_malformed`, or what it was ended with. */
  bytes: Promise<Bytes>;
  /** Gives it up. */
  end: (error: GatewayError) => void;
}

/**
 * Reads a small body whole. Without a stream a request costs a quarter less, but nothing tells how far the
 * body has come.
 *
 * @param request whose body nobody has read
 * @param length of the body, as its head tells it
 */
export function readAtOnce(request: Request, length: number): AtOnce {
  const { promise: bytes, resolve, reject } = Promise.withResolvers<Bytes>();
  const settle = (body?: Bytes) => {
    // In HTTP/2 a body can differ from its declared length.
    if (body?.length === length) resolve(body);
    else reject(new GatewayError("request_malformed", "cut body"));
  };
  request.bytes().then(settle, () => settle());
  return { bytes, end: reject };
}
