import { connect } from "node:net";

/**
 * Whether a TCP connection to a URL's host and port can be made; it is closed at once.
 *
 * @param target an absolute http(s) URL
 * @param ms how long to try
 */
export function canConnect(target: string, ms: number): Promise<boolean> {
  const { hostname, port, protocol } = new URL(target);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || (protocol === "https:" ? 443 : 80)) });
    const end = (able: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(able);
    };
    const timer = setTimeout(end, ms, false);
    socket.once("connect", () => end(true));
    // A refusal is an answer: fetch hears it as well, and says so.
    socket.once("error", () => end(true));
  });
}
