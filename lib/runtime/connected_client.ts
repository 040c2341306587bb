import type { ClientInfo } from "../gateway/inbound.ts";
import type { AddressRange } from "../signing/verify.ts";
import { clientAddress, type ClientAddress } from "./client_address.ts";

/** Access to the connection of a request. */
export interface ConnectionInfo {
  /** Returns the address from which the connection of a request came, if it is still known. */
  addressOf: (request: Request) => string | undefined;
  suspendIdleTimeout: NonNullable<ClientInfo["suspendIdleTimeout"]>;
  acceptSocket: NonNullable<ClientInfo["acceptSocket"]>;
  /** The reverse proxies in front. */
  trustedProxies: readonly AddressRange[];
}

/** The client of a request. Its address is looked up only when it is needed, which is rare. */
export class ConnectedClient implements ClientInfo {
  readonly suspendIdleTimeout: NonNullable<ClientInfo["suspendIdleTimeout"]>;
  readonly acceptSocket: NonNullable<ClientInfo["acceptSocket"]>;
  readonly #request: Request;
  readonly #connection: ConnectionInfo;
  #found: ClientAddress | undefined;

  /**
   * @param request the request
   * @param connection access to the connection of the request
   */
  constructor(request: Request, connection: ConnectionInfo) {
    this.suspendIdleTimeout = connection.suspendIdleTimeout;
    this.acceptSocket = connection.acceptSocket;
    this.#request = request;
    this.#connection = connection;
  }

  get remoteAddress(): string | undefined {
    return this.#address?.address;
  }

  get forwardedFor(): string | undefined {
    return this.#address?.before.join(", ");
  }

  get #address(): ClientAddress | undefined {
    const { addressOf, trustedProxies } = this.#connection;
    const connection = this.#found ? undefined : addressOf(this.#request);
    if (connection === undefined) return this.#found;
    const forwardedFor = this.#request.headers.get("x-forwarded-for");
    return (this.#found = clientAddress(connection, forwardedFor, trustedProxies));
  }
}
