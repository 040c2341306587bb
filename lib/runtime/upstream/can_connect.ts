import { connect } from "node:net";
import { unbracket } from "../../gateway/admission/public_address.ts";
import { portOf } from "../http/port_of.ts";

/**
 * Opens a TCP connection to the host and port of a URL, and closes it at once.
 *
 * @param target an absolute http or https URL
 * @param ms the maximum time to wait, in milliseconds
 * @returns `false` when there was no result in time; `true` when the connection was opened or failed
 */
export function canConnect(target: string, ms: number): Promise<boolean> {
  const url = new URL(target);
  const host = unbracket(url.hostname);
  return new Promise((resolve) => {
    const socket = connect({ host, port: portOf(url) });
    const end = (able: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(able);
    };
    const timer = setTimeout(end, ms, false);
    socket.once("connect", () => end(true));
    // A refused connection is not a timeout. `fetch` gets the same error and reports it.
    socket.once("error", () => end(true));
  });
}
