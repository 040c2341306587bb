import type { ClientInfo } from "../../gateway/inbound.ts";
import type { AddressRange } from "../../signing/verify.ts";
import { clientAddress, type ClientAddress } from "./client_address.ts";

/** Access to the connections of a server. */
export interface ConnectionInfo {
  /** Returns the address from which the connection of a request came, if it is still known. */
  addressOf: (request: Request) => string | undefined;
  suspendIdleTimeout: NonNullable<ClientInfo["suspendIdleTimeout"]>;
  acceptSocket: NonNullable<ClientInfo["acceptSocket"]>;
}

/** The client of a request. Its address is looked up only when it is needed, which is rare. */
export class ConnectedClient implements ClientInfo {
  readonly suspendIdleTimeout: NonNullable<ClientInfo["suspendIdleTimeout"]>;
  readonly acceptSocket: NonNullable<ClientInfo["acceptSocket"]>;
  readonly #request: Request;
  readonly #connection: ConnectionInfo;
  readonly #trustedProxies: readonly AddressRange[];
  #found: ClientAddress | undefined;

  /**
   * @param request the request
   * @param connection access to its connection
   * @param trustedProxies the reverse proxies in front
   */
  constructor(
    request: Request,
    connection: ConnectionInfo,
    trustedProxies: readonly AddressRange[],
  ) {
    this.suspendIdleTimeout = connection.suspendIdleTimeout;
    this.acceptSocket = connection.acceptSocket;
    this.#request = request;
    this.#connection = connection;
    this.#trustedProxies = trustedProxies;
  }

  get remoteAddress(): string | undefined {
    return this.#address?.address;
  }

  get forwardedFor(): string | undefined {
    return this.#address?.before.join(", ");
  }

  get #address(): ClientAddress | undefined {
    const connection = this.#found ? undefined : this.#connection.addressOf(this.#request);
    if (connection === undefined) return this.#found;
    const forwardedFor = this.#request.headers.get("x-forwarded-for");
    return (this.#found = clientAddress(connection, forwardedFor, this.#trustedProxies));
  }
}
