import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { signedTarget } from "../../support/signed.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { STATIC_KEYS } from "./aws_stage.ts";
import { bytesOf, KEYS, QUERIES, sha256, streamOf } from "./s3_requests.ts";
import { BUCKET, installVersitygw, REGION, startS3Servers } from "./versitygw.ts";

/** The largest body that is read whole. */
const MAX_SIGNED = 8 * 2 ** 20;

// SIGNWAY_LONG_TESTS=1 bun test tests/clients/credentials/versitygw_test.ts
const isAsked = Boolean(process.env["SIGNWAY_LONG_TESTS"]);
const stage = isAsked ? await start(await installVersitygw()) : undefined;
afterAll(() => stage?.[Symbol.asyncDispose]());

async function start(path: string) {
  const servers = await startS3Servers(path);
  const aws = { region: REGION, service: "s3", ...STATIC_KEYS };
  const wrong = { ...aws, secret_access_key: "canary-of-another-secret" };
  const http = `http://${servers.hosts.http}/`;
  const upstream = [
    { url: `https://${servers.hosts.https}/`, aws, pass_headers: ["x-amz-meta-*"] },
    { url: http, aws },
    { url: `${http}${BUCKET}/wrong/`, aws: wrong },
  ];
  const gateway = await startConfigured({
    upstream_ca: servers.authority.caFile,
    max_signed_body: MAX_SIGNED,
    app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream }],
  });
  return {
    gateway,
    servers,
    async [Symbol.asyncDispose]() {
      expect(gateway.stdout() + gateway.stderr()).not.toMatch(/canary|AKID|AWS4-HMAC/);
      await gateway.stop();
      await servers[Symbol.asyncDispose]();
    },
  };
}

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  scheme?: "http" | "https";
}

/** Sends a request for a path of the servers. */
type Send = (path: string, sent?: Sent) => Promise<Response>;

const TOKEN = granting({});

const sendWithToken: Send = (path, { scheme = "https", headers = {}, ...init } = {}) => {
  const url = `${stage!.gateway.url}/${stage!.servers.hosts[scheme]}${path}`;
  return fetch(url, { ...init, headers: { ...headers, authorization: `Bearer ${TOKEN}` } });
};

const sendSigned: Send = (path, { scheme = "https", method = "GET", ...init } = {}) => {
  const { gateway, servers } = stage!;
  const target = `${scheme}://${servers.hosts[scheme]}${path}`;
  const url = new URL(signedTarget(gateway.url, target, { method }), gateway.url);
  return fetch(url, { ...init, method });
};

/** What is stored of an object, read from the folder of the server. */
const storedAt = (key: string) => Bun.file(join(stage!.servers.folder, key));

if (stage) {
  describe("versitygw", () => {
    test("refuses a request without a signature, and one with other keys", async () => {
      const { hosts } = stage!.servers;
      expect((await fetch(`http://${hosts.http}/${BUCKET}?list-type=2`)).status).toBe(403);
      const response = await sendWithToken(`/${BUCKET}/wrong/a`, { scheme: "http" });
      expect([response.status, await response.text()]).toEqual([
        403,
        expect.stringContaining("SignatureDoesNotMatch"),
      ]);
    });
  });

  describe.each([
    ["a token", sendWithToken],
    ["a signed URL", sendSigned],
  ])("versitygw accepts, with %s,", (_, send) => {
    test.each(KEYS)("an object at %s", async (path, key) => {
      const at = `/${BUCKET}/keys/${path}`;
      const body = `the body of ${key}`;
      expect((await send(at, { method: "PUT", body })).status).toBe(200);
      expect(await storedAt(`keys/${key}`).text()).toBe(body);
      expect(await (await send(at)).text()).toBe(body);
      const head = await send(at, { method: "HEAD" });
      expect([head.status, head.headers.get("content-length")]).toEqual([
        200,
        `${Buffer.byteLength(body)}`,
      ]);
      expect((await send(at, { method: "DELETE" })).status).toBe(204);
      expect(await storedAt(`keys/${key}`).exists()).toBe(false);
      expect((await send(at)).status).toBe(404);
    });

    test.each(QUERIES)("the query %s", async (query, has) => {
      for (const path of ["q/in/1", "q/a%20b%20c", "q/%C3%BC"]) {
        await send(`/${BUCKET}/${path}`, { method: "PUT", body: "x" });
      }
      const response = await send(`/${BUCKET}?${query}`);
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(has)]);
    });

    test.each([
      ["https", "whose length is known, of any size", bytesOf(12 * 2 ** 20), false],
      ["https", "in chunks", bytesOf(6 * 2 ** 20), true],
      ["http", "whose length is known", bytesOf(6 * 2 ** 20), false],
      ["http", "in chunks", bytesOf(6 * 2 ** 20), true],
    ] as const)("over %s a body %s, and parts of it", async (scheme, __, bytes, isChunked) => {
      const path = `/${BUCKET}/large`;
      const body = isChunked ? streamOf(bytes) : bytes;
      const put = await send(path, { method: "PUT", scheme, body });
      expect(put.status).toBe(200);
      expect(sha256(await storedAt("large").arrayBuffer())).toBe(sha256(bytes));
      const whole = await send(path, { scheme });
      expect(sha256(await whole.arrayBuffer())).toBe(sha256(bytes));
      const range = await send(path, { scheme, headers: { range: "bytes=1000000-3999999" } });
      expect(range.status).toBe(206);
      const [from, to] = [1_000_000, 4_000_000];
      expect(sha256(await range.arrayBuffer())).toBe(sha256(bytes.slice(from, to)));
    });

    test("an upload in parts, and one that is given up", async () => {
      const path = `/${BUCKET}/in%20parts`;
      const begin = async () => {
        const text = await (await send(`${path}?uploads`, { method: "POST" })).text();
        return encodeURIComponent(/<UploadId>(.*?)</.exec(text)![1]!);
      };
      const id = await begin();
      const parts = [bytesOf(6 * 2 ** 20), bytesOf(5 * 2 ** 20), bytesOf(100)];
      const tags = await Promise.all(
        parts.map(async (body, i) => {
          const at = `${path}?partNumber=${i + 1}&uploadId=${id}`;
          const response = await send(at, { method: "PUT", body });
          expect(response.status).toBe(200);
          return response.headers.get("etag");
        }),
      );
      const list = tags.map(
        (tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
      );
      const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
      const done = await send(`${path}?uploadId=${id}`, { method: "POST", body });
      expect([done.status, await done.text()]).toEqual([200, expect.stringContaining("<ETag>")]);
      const stored = sha256(await storedAt("in parts").arrayBuffer());
      expect(stored).toBe(sha256(Buffer.concat(parts)));
      const left = await send(`${path}?uploadId=${await begin()}`, { method: "DELETE" });
      expect(left.status).toBe(204);
    });

    test("metadata that the rule lets pass", async () => {
      const path = `/${BUCKET}/with-metadata`;
      const headers = { "x-amz-meta-Own": "  two   spaces ", "x-amz-acl": "public-read" };
      expect((await send(path, { method: "PUT", body: "x", headers })).status).toBe(200);
      const head = await send(path, { method: "HEAD" });
      expect(head.headers.get("x-amz-meta-own")).toBe("two   spaces");
    });
  });
}
