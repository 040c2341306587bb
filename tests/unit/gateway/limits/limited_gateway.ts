import type { App } from "../../../../lib/gateway/model/app.ts";
import type { GatewayUnderTest, UnderTestOptions } from "../in_process_gateway.ts";
import { appWith, bearing, gatewayOf, minted, NOW, PATH } from "../tokens/token_gateway.ts";

/** A gateway with an app whose requests may count. Its ledger is ten seconds old. */
export interface LimitedGateway extends GatewayUnderTest {
  /** The time at the gateway and its ledger, in seconds since the epoch. */
  clock: { now: number };
  /** A token that the app signed now. */
  token: (sw: object, claims?: Record<string, unknown>) => string;
  /** Sends a request with a token; its body is read to the end. */
  ask: (token: string, init?: RequestInit) => Promise<Answered>;
}

/** A response whose body was read. */
export interface Answered {
  status: number;
  headers: Headers;
  /** Of a problem document. */
  code: string | null;
  text: string;
}

/** Makes the gateway. */
export function limitedGateway(
  app: Partial<App> = {},
  options: UnderTestOptions = {},
): LimitedGateway {
  const clock = { now: NOW };
  const now = () => clock.now * 1000;
  const gateway = gatewayOf([appWith(app)], { now, ...options });
  clock.now += 10;
  let count = 0;
  return {
    ...gateway,
    clock,
    token: (sw, claims = {}) =>
      minted({
        now: clock.now,
        claims: { iat: clock.now, jti: `token-${count++}`, ...claims, sw },
      }),
    ask: (token, init = {}) => answerTo(gateway, bearing(token, PATH, init)),
  };
}

/** Sends a request, and reads the response to its end. */
export async function answerTo(gateway: GatewayUnderTest, request: Request): Promise<Answered> {
  const response = await gateway.send(request);
  const { status, headers } = response;
  return { status, headers, code: headers.get("x-sw-problem"), text: await response.text() };
}
