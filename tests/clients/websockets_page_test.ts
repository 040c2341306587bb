import { afterAll, expect, test } from "bun:test";
import { unlink } from "node:fs/promises";
import { PROBLEMS } from "../../lib/gateway/problem/problems.ts";
import { finished } from "../support/finished.ts";
import { CREDENTIAL, startGateway } from "../support/gateway.ts";
import { brokenLinks } from "../support/doc_page.ts";
import { codesIn } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { startSocketUpstream } from "../support/sockets/socket_upstream.ts";

const PAGE = await Bun.file(`${ROOT}/docs/websockets.md`).text();

const upstream = await startSocketUpstream();
const gateway = await startGateway({
  id: "web",
  args: ["--upstream", upstream.url.replace("ws", "http")],
});
afterAll(async () => {
  await gateway.stop();
  await upstream[Symbol.asyncDispose]();
});

test("the code of docs/websockets.md opens a WebSocket", async () => {
  const [code = ""] = codesIn(PAGE, "js");
  const here = code
    .replace("wss://api.example.com", upstream.url)
    .replace("https://gateway.example.com", gateway.url);
  const program = [
    `import { signUrl } from "${ROOT}/lib/signing/mod.ts";`,
    here,
    'socket.onopen = () => socket.send("opened");',
    "socket.onmessage = ({ data }) => { console.log(data); socket.close(1000); };",
  ].join("\n");
  const file = `${ROOT}/.cache/websockets_page.ts`;
  await Bun.write(file, program);
  await using child = Bun.spawn([process.execPath, file], {
    env: { ...process.env, SW_SECRET: CREDENTIAL.secret },
    stdout: "pipe",
    stderr: "pipe",
  });
  const server = await upstream.next();
  expect((await server.message()).payload.toString()).toBe("opened");
  expect(upstream.handshakes[0]!.startLine).toBe("GET /v1/stream?model=m HTTP/1.1");
  await server.text("hello");
  await server.closeFrame();
  await server.close(1000);
  expect((await finished(child)).stdout.trim()).toBe("hello");
  await unlink(file);
});

test("the page names codes and links that exist", async () => {
  const named = [...PAGE.matchAll(/`([a-z]+_[a-z_]+)`/g)].map(([, name]) => name!);
  const codes = named.filter((name) => name in PROBLEMS);
  expect(codes).toContain("websocket_not_granted");
  expect(codes).toContain("token_expired");
  expect((await brokenLinks(PAGE, "websockets.md")).broken).toEqual([]);
});
