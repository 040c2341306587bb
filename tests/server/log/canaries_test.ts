import { describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { spellings } from "../../support/leaks.ts";
import { exchange } from "../../support/raw_client.ts";
import { type RawUpstream, respond, RST, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget, type SignedOptions } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";

const KEY = "canary+key/0a1b2c3d4e5f==";
const SECRET = "canary&secret/9f8e7d6c5b4a3210==";
const QUERY = "canary query/11223344?";
const BODY = "canary body 55667788 ü&=";
const CANARIES = Object.entries({ KEY, SECRET, QUERY, BODY });

const BROKEN = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\npart";

/** What the upstream does for each path, so that every outcome comes up. */
const SCRIPTS: Record<string, Parameters<typeof startUpstream>[0]> = {
  "/fine": [respond("fine")],
  "/stream": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"],
  "/truncated": [BROKEN, RST],
  "/reset": [RST],
  "/nonsense": ["nonsense\r\n\r\n"],
  "/status": [respond("", { status: "999 Odd" })],
  "/redirect": [respond("", { status: "302 Found", headers: ["Location: /elsewhere"] })],
  "/late": [],
};

interface Attempt {
  name: string;
  path: string;
  sign?: SignedOptions;
  headers?: string[];
  body?: string;
  method?: string;
}

const SIGNED_BODY = { body: BODY, headers: { "content-length": String(Buffer.byteLength(BODY)) } };

const ATTEMPTS: Attempt[] = [
  ...Object.keys(SCRIPTS).map((path) => ({ name: path, path })),
  { name: "a signed body", path: "/fine", method: "POST", body: BODY, sign: SIGNED_BODY },
  { name: "another body", path: "/fine", method: "POST", body: `${BODY}!`, sign: SIGNED_BODY },
  { name: "another secret", path: "/fine", sign: { secret: "not the secret" } },
  { name: "expired", path: "/fine", sign: { expires: 1, now: new Date(Date.now() - 60_000) } },
  { name: "unknown app", path: "/fine", sign: { id: "nobody" } },
  { name: "not allowed", path: "/../other" },
  { name: "a method", path: "/fine", method: "TRACE" },
  { name: "a body with GET", path: "/fine", body: BODY },
  { name: "two hosts", path: "/fine", headers: ["Host: a", "Host: b"] },
];

async function attempt(gateway: Gateway, upstream: RawUpstream, it: Attempt): Promise<string> {
  const { method = "GET", headers = [], body = "" } = it;
  const target = `${upstream.url}/v1${it.path}?q=${encodeURIComponent(QUERY)}`;
  const path = signedTarget(gateway.url, target, { secret: SECRET, method, ...it.sign });
  const answer = await exchange(gateway.port, requestBytes(method, path, { headers, body }));
  return answer.toString("latin1");
}

function findCanaries(text: string): string[] {
  return CANARIES.filter(([, value]) =>
    spellings(value).some((spelling) => text.includes(spelling)),
  ).map(([name]) => name);
}

describe("no secret, query or body in the gateway's output", () => {
  test.concurrent.each([["info"], ["debug"]])("with --log-level %s", async (level) => {
    await using upstream = await startUpstream(({ startLine }, number) => {
      const path = new URL(startLine.split(" ")[1] ?? "", "http://u").pathname.slice("/v1".length);
      const script = SCRIPTS[path] ?? [];
      return typeof script === "function" ? script({} as never, number) : script;
    });
    await using gateway = await startGateway({
      secret: SECRET,
      args: [
        ...["--upstream", `${upstream.url}/v1`, "--header", `Authorization: Bearer ${KEY}`],
        ...["--head-timeout", "1", "--log-level", level],
      ],
    });
    const answers = new Map<string, string>();
    for (const it of ATTEMPTS) answers.set(it.name, await attempt(gateway, upstream, it));

    expect(upstream.requests.some(({ head }) => head.includes(KEY))).toBe(true);
    for (const [name, answer] of answers) expect([name, findCanaries(answer)]).toEqual([name, []]);
    const commandLine = await readFile(`/proc/${gateway.pid}/cmdline`, "utf8");
    expect(commandLine).not.toContain(SECRET);

    await waitFor("the records", () => gateway.records().length >= ATTEMPTS.length - 1);
    expect(await gateway.stop()).toBe(0);
    expect(findCanaries(gateway.stdout())).toEqual([]);
    expect(findCanaries(gateway.stderr())).toEqual([]);
    expect(gateway.stdout() + gateway.stderr()).not.toMatch(/X-Sw-Signature|[0-9a-f]{64}/i);
  });
});
