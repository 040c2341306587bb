import { createSocket } from "node:dgram";

/** A DNS server that gives one address for every name. */
export interface DnsServer extends AsyncDisposable {
  /** As `--resolver` takes it. */
  address: string;
}

const QUERY_TYPE_A = 1;

/** Starts a DNS server (RFC 1035) on the loopback address. */
export async function startDnsServer(ipv4: string): Promise<DnsServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    socket.send(answerTo(query, ipv4), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function answerTo(query: Buffer, ipv4: string): Buffer {
  let end = 12;
  while (query[end] !== 0) end += query[end]! + 1;
  end += 5;
  const hasAddress = query.readUInt16BE(end - 4) === QUERY_TYPE_A;
  const head = Buffer.from(query.subarray(0, 12));
  // A response to a query that asked for recursion.
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(hasAddress ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const question = query.subarray(12, end);
  if (!hasAddress) return Buffer.concat([head, question]);
  // The name of the question, type A, class IN, a minute, four bytes.
  const record = [0xc0, 12, 0, QUERY_TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4];
  return Buffer.concat([head, question, Buffer.from([...record, ...ipv4.split(".").map(Number)])]);
}
