import { connect } from "node:tls";

/** A GET over TLS and HTTP/1.1, whose answer is kept as it comes. */
export interface OpenTls extends Disposable {
  text: () => string;
  ended: () => boolean;
}

/** Sends it to an https URL. */
export function openTls(url: string, ca: string): Promise<OpenTls> {
  const { hostname, port, pathname, search } = new URL(url);
  let text = "";
  let over = false;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), ca }, () => {
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      resolve({
        text: () => text,
        ended: () => over,
        [Symbol.dispose]: () => socket.destroy(),
      });
    });
    socket.on("data", (data: Buffer) => (text += data.toString("latin1")));
    socket.on("close", () => (over = true));
    socket.on("error", reject);
  });
}
