import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:http2";
import { requirement } from "../../support/requirement.ts";
import { startTlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";

const it = await startTlsGateway(["--http3", "--max-connections", "3"]);

afterAll(() => it[Symbol.asyncDispose]());

/** What a client has received of a stream so far. */
interface Reading {
  version: () => string;
  text: () => string;
  ended: () => boolean;
}

type Open = (url: string) => Reading;

const curl = (flag: string): Open => {
  return (url) => {
    const args = [
      "-sS",
      "-N",
      flag,
      "--cacert",
      it.authority.caFile,
      "-w",
      "version %{http_version}",
    ];
    const child = Bun.spawn(["curl", ...args, url], { stdout: "pipe", stderr: "inherit" });
    let text = "";
    void (async () => {
      for await (const piece of child.stdout) text += new TextDecoder().decode(piece);
    })();
    return {
      version: () => /version ([\d.]+)$/.exec(text)?.[1] ?? "",
      text: () => text.replace(/version .*$/, ""),
      ended: () => child.exitCode === 0,
    };
  };
};

const nodeHttp2: Open = (url) => {
  const { origin, pathname, search } = new URL(url);
  const session = connect(origin, { ca: it.authority.ca });
  const request = session.request({ ":path": pathname + search });
  let [text, over] = ["", false];
  request.setEncoding("utf8");
  request.on("data", (piece: string) => (text += piece));
  request.on("end", () => {
    over = true;
    session.close();
  });
  return { version: () => "2", text: () => text, ended: () => over };
};

const bunFetch = (protocol: "http1.1" | "http2" | "http3", version: string): Open => {
  // Over HTTP/3 the runtime's client cannot be given an authority.
  const tls = protocol === "http3" ? { rejectUnauthorized: false } : { ca: it.authority.ca };
  return (url) => {
    let [text, over] = ["", false];
    void (async () => {
      const response = await fetch(url, { protocol, tls });
      for await (const piece of response.body ?? []) text += new TextDecoder().decode(piece);
      over = true;
    })();
    return { version: () => version, text: () => text, ended: () => over };
  };
};

const CLIENTS: [name: string, version: string, open: Open][] = [
  ["curl over HTTP/1.1", "1.1", curl("--http1.1")],
  ["curl over HTTP/2", "2", curl("--http2")],
  ["node:http2", "2", nodeHttp2],
  ["fetch over HTTP/1.1", "1.1", bunFetch("http1.1", "1.1")],
  ["fetch over HTTP/2", "2", bunFetch("http2", "2")],
];

async function followStream(version: string, open: Open): Promise<void> {
  const before = it.gateway.records().length;
  const reading = open(it.sign());
  await waitFor("the first event", () => reading.text().includes("hello"));
  for (const event of ["one", "two"]) {
    expect(reading.text()).not.toContain(event);
    it.feed.publish(event);
    await waitFor("the event", () => reading.text().includes(`data: ${event}\n\n`));
  }
  it.feed.finish();
  await waitFor("the end", reading.ended);
  expect(reading.version()).toBe(version);
  expect(reading.text()).toBe("data: hello\n\ndata: one\n\ndata: two\n\n");
  const records = await waitFor(
    "the record",
    () => it.gateway.records().slice(before)[0] && it.gateway.records().slice(before),
  );
  expect(records).toMatchObject([{ status: 200, outcome: "complete", bytes_out: 35 }]);
}

const found = await requirement("curl", async () => {
  if (!Bun.which("curl")) throw new Error("curl is not installed");
});

describe("https: a signed URL streams, event by event, to", () => {
  const clients = CLIENTS.filter(([name]) => "value" in found || !name.startsWith("curl"));
  test.each(clients)("%s", async (_, version, open) => followStream(version, open));

  // Experimental in the runtime, on both sides.
  test("fetch over HTTP/3", () => followStream("3", bunFetch("http3", "3")));
});

describe("over HTTP/2 a refusal is a response like any other:", () => {
  interface Http2Response {
    status: unknown;
    body: string;
    connection: unknown;
  }

  function ask(url: string, method = "GET"): Promise<Http2Response> {
    const { origin, pathname, search } = new URL(url);
    const session = connect(origin, { ca: it.authority.ca });
    const { promise, resolve, reject } = Promise.withResolvers<Http2Response>();
    const request = session.request({ ":path": pathname + search, ":method": method });
    let [body, status, connection]: [string, unknown, unknown] = ["", 0, undefined];
    request.setEncoding("utf8");
    request.on("response", (headers) => {
      status = headers[":status"];
      connection = headers["connection"];
    });
    request.on("data", (piece: string) => (body += piece));
    request.on("end", () => resolve({ status, body, connection }));
    request.on("error", reject);
    session.on("error", reject);
    return promise.finally(() => session.destroy());
  }

  test.each([
    ["unsigned", (url: string) => url.replace(/\?.*/, ""), "GET", 400, "signature_missing"],
    ["changed", (url: string) => `${url.slice(0, -1)}x`, "GET", 400, "parameter_malformed"],
    ["TRACE", (url: string) => url, "TRACE", 405, "method_not_allowed"],
  ] as const)("%s", async (_, change, method, status, code) => {
    const response = await ask(change(it.sign()), method);
    expect(response.status).toBe(status);
    expect(JSON.parse(response.body)).toMatchObject({ code, status });
  });

  // RFC 9113, section 8.2.2: a message with Connection is malformed.
  test("too many at once", async () => {
    const open = [1, 2, 3].map(() => nodeHttp2(it.sign()));
    await waitFor("the streams", () => open.every((one) => one.text().includes("hello")));
    const response = await ask(it.sign());
    expect(JSON.parse(response.body)).toMatchObject({ code: "too_many_connections" });
    expect(response).toMatchObject({ status: 503, connection: undefined });
    it.feed.finish();
    await waitFor("the ends", () => open.every((one) => one.ended()));
  });
});
