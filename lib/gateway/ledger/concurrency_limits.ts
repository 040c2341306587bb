import { GatewayError } from "../problem/gateway_error.ts";

/** Counts the exchanges under way, by whatever limits them. */
export interface Connections {
  /**
   * Takes a place.
   *
   * @param name what is limited
   * @param limit how many places it has
   * @returns gives the place back; further calls do nothing
   * @throws GatewayError `too_many_connections`
   */
  take: (name: string, limit: number) => () => void;
}

/** Makes a count that starts at nothing. It outlives a change of the limits. */
export function createConnections(): Connections {
  const open = new Map<string, number>();
  return {
    take(name, limit) {
      const count = open.get(name) ?? 0;
      if (count >= limit) throw new GatewayError("too_many_connections");
      open.set(name, count + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = open.get(name)! - 1;
        if (left > 0) open.set(name, left);
        else open.delete(name);
      };
    },
  };
}
