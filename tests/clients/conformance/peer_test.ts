import { expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { signedTarget } from "../../support/signed.ts";
import { installPythonPackages } from "../../support/virtual_environment.ts";

const WEBSOCKETS = "websockets==17.4";
const python = await requirement("Python with websockets", () =>
  installPythonPackages(WEBSOCKETS.replace("==", "-"), [WEBSOCKETS]),
);

test.skipIf("reason" in python)(
  "the library websockets talks to itself through the gateway",
  async () => {
    if ("reason" in python) throw new Error(python.reason);
    await using child = Bun.spawn([python.value, `${import.meta.dirname}/peer.py`], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    const lines = linesOf(child.stdout);
    const { port } = (await lines.next()).value as { port: number };
    const target = `http://127.0.0.1:${port}`;
    await using gateway = await startGateway({ args: ["--upstream", target] });
    const url = gateway.url.replace("http", "ws").replace(/\/$/, "");
    child.stdin.write(`${url}${signedTarget(gateway.url, `${target}/`)}\n`);
    await child.stdin.flush();
    expect((await lines.next()).value).toEqual({
      subprotocol: "two",
      text: true,
      empty: true,
      binary: true,
      large: true,
      fragments: true,
      order: true,
      closed: [4001, "as you wish"],
    });
    expect(await child.exited).toBe(0);
  },
  60_000,
);

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of stream) {
    text += decoder.decode(piece, { stream: true });
    const lines = text.split("\n");
    text = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
