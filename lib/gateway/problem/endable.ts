import type { GatewayError } from "./gateway_error.ts";

/** Something that lasts, and can be ended before it ends by itself. */
export interface Endable {
  end: (error: GatewayError) => void;
}
