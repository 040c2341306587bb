import { afterAll, describe, expect, test } from "bun:test";
import { createAuthority } from "../../support/certificates.ts";
import { startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

// Node's server, because that of the runtime under test does not reset streams as it is told to.
const SERVER = `
import { createSecureServer } from "node:http2";
const [cert, key, refuse] = process.argv.slice(1);
const server = createSecureServer({ cert, key, allowHTTP1: true });
const refusals = {
  stream: (stream) => stream.close(13),
  internal: (stream) => stream.close(2),
  refused: (stream) => stream.close(7),
  goaway: ({ session }) => (session.goaway(13), session.destroy()),
};
server.on("sessionError", () => {});
server.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  if (headers[":path"] === "/well") return (stream.respond(), stream.end("2.0"));
  refusals[refuse](stream);
});
server.on("request", (request, response) => {
  if (request.httpVersion === "1.1") response.end("1.1");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

const found = await requirement("node", async () => {
  if (!Bun.which("node")) throw new Error("node is not installed");
});
const authority = await createAuthority();
const { cert, key } = await authority.issue();
afterAll(() => authority[Symbol.asyncDispose]());

async function start(refusal: string) {
  const command = ["node", "--input-type=module", "-e", SERVER, "--", cert, key, refusal];
  const upstream = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const { value } = await upstream.stdout.getReader().read();
  const url = `https://localhost:${Number(new TextDecoder().decode(value))}`;
  const args = ["--upstream", url, "--upstream-ca", authority.caFile];
  const gateway = await startGateway({ args });
  const ask = async (path: string) => {
    const { status, body } = await signedExchange(gateway, url + path);
    return status === 200 ? body.toString() : status;
  };
  // The origin is asked for its protocols during the first request.
  const asked = async (path: string) => {
    const answer = await ask(path);
    await Bun.sleep(500);
    return answer;
  };
  const dispose = async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  };
  return { ask, asked, [Symbol.asyncDispose]: dispose };
}

describe.skipIf("reason" in found)("an upstream that offers HTTP/2 and ends it", () => {
  test.concurrent.each(["stream", "internal", "refused", "goaway"])(
    "from the first exchange on (%s) is spoken to in HTTP/1.1 from then on",
    async (refusal) => {
      await using it = await start(refusal);
      expect(await it.asked("/")).toBe("1.1");
      expect(await it.asked("/")).toBe(502);
      const later: unknown[] = [];
      for (let i = 0; i < 4; i++) later.push(await it.asked("/"));
      expect(later).toEqual(["1.1", "1.1", "1.1", "1.1"]);
    },
    30_000,
  );

  test.concurrent(
    "for many at once fails those alone",
    async () => {
      await using it = await start("stream");
      await it.asked("/");
      const first = await Promise.all(Array.from({ length: 10 }, () => it.ask("/")));
      expect(first).toContain(502);
      const second = await Promise.all(Array.from({ length: 10 }, () => it.ask("/")));
      expect(new Set(second)).toEqual(new Set(["1.1"]));
    },
    30_000,
  );

  test.concurrent(
    "for one stream among good ones is asked again",
    async () => {
      await using it = await start("stream");
      expect(await it.asked("/well")).toBe("1.1");
      expect(await it.ask("/well")).toBe("2.0");
      expect(await it.ask("/")).toBe(502);
      expect(await it.asked("/well")).toBe("1.1");
      expect(await it.ask("/well")).toBe("2.0");
    },
    30_000,
  );
});
