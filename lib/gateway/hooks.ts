import type { InboundRequest } from "./inbound.ts";
import type { ExchangeRecord, Observer } from "./record/exchange_record.ts";

/** What a program that embeds the gateway may do beside it. Each may be asynchronous. */
export interface Hooks {
  /**
   * Called with each rightly signed request before it is forwarded. A response ends the exchange
   * early: it goes to the client instead. To read the body, clone the request: what is read here is
   * not there to be forwarded.
   */
  onRequest?: (
    id: string,
    request: Request,
  ) => Response | undefined | void | Promise<Response | undefined | void>;
  /**
   * Called with each response of an upstream, its body unread, before it goes to the client. A
   * response replaces it.
   */
  onResponse?: (
    id: string,
    response: Response,
  ) => Response | undefined | void | Promise<Response | undefined | void>;
  /** Called when an exchange has ended, with the bytes of both bodies. */
  onBytes?: (id: string, bytes: { in: number; out: number }) => void | Promise<void>;
}

/**
 * The request that {@link Hooks.onRequest} is given. A signed body has been read to verify it, so the
 * hook gets a request from which it can be read again.
 */
export function requestForHook({ request, body }: InboundRequest): Request {
  if (!body.known) return request;
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: body.known });
}

/**
 * Makes the observer that calls {@link Hooks.onBytes} for each exchange of an authenticated request.
 *
 * @param onBytes the hook
 * @param onError receives the error that the hook throws
 */
export function bytesObserver(
  onBytes: NonNullable<Hooks["onBytes"]>,
  onError: (error: unknown, requestId: string) => void,
): Observer {
  const call = async (id: string, { bytesIn, bytesOut, requestId }: Readonly<ExchangeRecord>) => {
    try {
      await onBytes(id, { in: bytesIn, out: bytesOut });
    } catch (error) {
      onError(error, requestId);
    }
  };
  return {
    end(record) {
      if (record.app !== undefined && record.verifyMs !== undefined) void call(record.app, record);
    },
  };
}
