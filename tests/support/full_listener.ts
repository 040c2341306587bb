// The runtimes for JavaScript take every connection that comes, so this listener is no script of theirs.
const SCRIPT = `
import socket, sys, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
print(listener.getsockname()[1], flush=True)
steps = sys.argv[1:]
if steps:
    taken = listener.accept()[0]
    taken.recv(65536)
waiting = [socket.socket() for _ in range(4)]
for one in waiting:
    one.setblocking(False)
    one.connect_ex(listener.getsockname())
print("full", flush=True)
for step in steps:
    try:
        time.sleep(float(step))
    except ValueError:
        taken.sendall(step.encode())
time.sleep(600)
`;

/** A port on which no further connection comes about: neither taken nor refused. */
export interface FullListener extends AsyncDisposable {
  url: string;
}

/**
 * Starts one. With steps it takes one connection first and answers there: a number is a pause in
 * seconds, anything else is written.
 */
export async function startFullListener(steps: (string | number)[] = []): Promise<FullListener> {
  const child = Bun.spawn(["python3", "-c", SCRIPT, ...steps.map(String)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  let text = "";
  const wanted = steps.length > 0 ? "\n" : "full\n";
  while (!text.endsWith(wanted)) {
    const { value, done } = await reader.read();
    if (done) throw new Error("the listener ended");
    text += new TextDecoder().decode(value);
  }
  return {
    url: `http://127.0.0.1:${Number.parseInt(text, 10)}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
