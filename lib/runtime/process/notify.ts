import { dlopen } from "bun:ffi";

// The constants have the values of Linux. On systems with musl, this library name opens musl.
const LIBC = "libc.so.6";
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
const CLOCK_MONOTONIC = 1;

/**
 * Sends a datagram to the service manager, as sd_notify(3) of systemd does. The runtime has no Unix datagram
 * sockets, so it calls the C library. By default, systemd ignores the program `systemd-notify`, because that
 * is another process.
 *
 * @param address the value of `$NOTIFY_SOCKET`: an absolute path, or `@` and an abstract name
 * @param fields the fields, such as `READY: 1`; no value may contain a line break
 * @throws Error when the C library cannot be loaded, the address has another form, or nothing listens there
 */
export function notify(address: string, fields: Readonly<Record<string, string | number>>): void {
  const to = socketAddress(address);
  const lines = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  const text = Buffer.from(lines.join("\n"));
  const { socket, sendto, close } = libc();
  const descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw new Error("cannot open a socket");
  const sent = sendto(descriptor, text, text.length, MSG_NOSIGNAL, to, to.length);
  close(descriptor);
  if (Number(sent) !== text.length) throw new Error(`nothing listens at ${address}`);
}

/**
 * Reads CLOCK_MONOTONIC, which systemd compares with its own time. The monotonic clocks of the runtime start
 * with the process.
 *
 * @returns the time in microseconds
 * @throws Error when the C library cannot be loaded
 */
export function monotonicTime(): bigint {
  const timespec = new BigInt64Array(2);
  libc().clock_gettime(CLOCK_MONOTONIC, timespec);
  return timespec[0]! * 1_000_000n + timespec[1]! / 1000n;
}

// struct sockaddr_un, see unix(7).
function socketAddress(address: string): Buffer {
  if (!/^[/@]./s.test(address)) throw new Error(`${address} is neither a path nor an @name`);
  const name = address.startsWith("@") ? `\0${address.slice(1)}` : `${address}\0`;
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, Buffer.from(name)]);
}

// Loaded at the first use, because most processes never need it.
let library: ReturnType<typeof openLibrary> | undefined;

function libc() {
  library ??= openLibrary();
  return library.symbols;
}

function openLibrary() {
  return dlopen(LIBC, {
    socket: { args: ["int", "int", "int"], returns: "int" },
    sendto: { args: ["int", "buffer", "usize", "int", "buffer", "u32"], returns: "i64" },
    close: { args: ["int"], returns: "int" },
    clock_gettime: { args: ["int", "buffer"], returns: "int" },
  });
}
