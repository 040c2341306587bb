import { afterAll, describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import { startGateway } from "../../support/gateway.ts";
import { startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const TEXT = Buffer.from("a text that is compressed, and compressed well. ".repeat(200));
const ZEROS = Buffer.alloc(10_000_000);
// A gzip file may have several members, so thirty times ten megabytes are one of 300 MB.
const BOMB = Buffer.concat(Array<Buffer>(30).fill(gzipSync(ZEROS)));
const BROKEN = gzipSync(TEXT).subarray(0, 60);

let headers: string[] = [];
let body: Buffer = Buffer.alloc(0);
const upstream = await startUpstream(() => {
  const head = ["HTTP/1.1 200 OK", ...headers, `Content-Length: ${body.length}`, "", ""];
  return [head.join("\r\n"), body];
});
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** The most memory that a process ever had, in kB. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]);
}

describe("a compressed body passes unchanged", () => {
  test.each([
    ["gzip", gzipSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["deflate", gzipSync(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
    ["x-unknown", TEXT],
    ["gzip", BROKEN],
    ["gzip", TEXT],
  ])("Content-Encoding: %s", async (coding, bytes) => {
    headers = [`Content-Encoding: ${coding}`, "Content-Type: text/plain"];
    body = bytes;
    const response = await signedExchange(gateway, `${upstream.url}/`, {
      headers: ["Accept-Encoding: gzip, br"],
    });
    expect(response.status).toBe(200);
    expect(response.all("content-encoding")).toEqual([coding]);
    expect(response.body.equals(bytes)).toBe(true);
    expect(upstream.requests.at(-1)?.all("accept-encoding")).toEqual(["gzip, br"]);
  });

  test("300 MB of zeros stay compressed and take no memory", async () => {
    headers = ["Content-Encoding: gzip"];
    body = BOMB;
    const before = await peakMemory(gateway.pid);
    for (let i = 0; i < 5; i += 1) {
      const response = await signedExchange(gateway, `${upstream.url}/`);
      expect(response.body.equals(BOMB)).toBe(true);
    }
    expect((await peakMemory(gateway.pid)) - before).toBeLessThan(50_000);
    expect(gunzipSync(BOMB.subarray(0, BOMB.length / 30))).toHaveLength(ZEROS.length);
  });

  test("no Accept-Encoding of the caller is none at the upstream", async () => {
    headers = [];
    body = TEXT;
    await signedExchange(gateway, `${upstream.url}/`);
    expect(upstream.requests.at(-1)?.all("accept-encoding")).toEqual([]);
  });
});

describe("a compressed body of the caller passes unchanged", () => {
  test.each([
    ["gzip", gzipSync(TEXT)],
    ["gzip", BROKEN],
    ["br", brotliCompressSync(TEXT)],
  ])("Content-Encoding: %s", async (coding, bytes) => {
    headers = [];
    body = TEXT;
    const response = await signedExchange(gateway, `${upstream.url}/`, {
      method: "POST",
      headers: [`Content-Encoding: ${coding}`],
      body: bytes,
    });
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.all("content-encoding")).toEqual([coding]);
    expect(upstream.requests.at(-1)?.body.equals(bytes)).toBe(true);
  });
});
