import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "../../support/raw_client.ts";
import { chunk, respond, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes } from "../../support/signed.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { signatureLine, SIGNED } from "../../support/header_signature.ts";

/** In milliseconds; longer than a limit of one second, by far more than a machine may be slow. */
const LATE = 2500;
const STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

const SCRIPTS: Readonly<Record<string, Step[]>> = {
  hang: [],
  half: ["HTTP/1.1 200 OK\r\nContent-"],
  interim: ["HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"],
  late: [LATE, respond("late")],
  slow: [STREAM, chunk("first"), LATE, chunk("last"), chunk("")],
};
const upstream = await startUpstream(({ startLine }) => {
  const script = SCRIPTS[/(\w+) HTTP/.exec(startLine)?.[1] ?? ""];
  return script ?? [respond("ok")];
});
const none = { upstream: upstream.url, signature: "none" as const };
const gateway = await startConfigured({
  head_timeout: 1,
  route: [
    { path: "/default/", ...none },
    { path: "/short/", ...none, head_timeout: 1 },
    { path: "/long/", ...none, head_timeout: 60 },
    { path: "/endless/", ...none, head_timeout: 0 },
    { path: "/signed/", upstream: upstream.url, signature: SIGNED, head_timeout: 1 },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("head_timeout", () => {
  test.concurrent.each([
    ["/default/hang", 504],
    ["/short/hang", 504],
    ["/short/half", 504],
    ["/short/interim", 504],
    ["/short/late", 504],
    ["/signed/hang", 504],
    ["/short/ok", 200],
    ["/long/late", 200],
    ["/endless/late", 200],
    ["/short/slow", 200],
    ["/signed/slow", 200],
  ])("%s: %i", async (path, status) => {
    const signed = path.startsWith("/signed/") ? [signatureLine(path)] : [];
    const response = await plainExchange(gateway, "GET", path, { headers: signed });
    expect(response.status).toBe(status);
    if (status === 504) {
      expect(problemOf(response)).toMatchObject({ status: 504, code: "upstream_timeout" });
    } else if (path.endsWith("/slow")) expect(response.body.toString()).toBe("firstlast");
  });

  test.concurrent("ends the request at the upstream, and says so in the record", async () => {
    const path = "/short/once/hang";
    expect((await plainExchange(gateway, "GET", path)).status).toBe(504);
    const connection = upstream.connections.find(({ received }) => received().includes(path));
    await waitFor("the upstream's connection to end", () => connection?.ended());
    const record = await gateway.waitForRecord(
      ({ upstream, code }) => code === "upstream_timeout" && String(upstream).endsWith(path),
    );
    expect(record).toMatchObject({ status: 504, outcome: "upstream_failed", app: "/short/" });
  });
});

describe("head_timeout and an upload", () => {
  test.concurrent("does not run while the client is still sending", async () => {
    using client = await connect(gateway.port);
    const headers = ["Transfer-Encoding: chunked"];
    await client.write(requestBytes("POST", "/short/upload/ok", { headers }));
    for (let sent = 0; sent < LATE; sent += 250) {
      await client.write(chunk("x".repeat(100)));
      await Bun.sleep(250);
    }
    await client.write(chunk(""));
    const response = await client.response();
    expect(response.status).toBe(200);
    const upload = upstream.requests.find(({ startLine }) => startLine.includes("/upload/"));
    expect(upload?.body).toHaveLength((LATE / 250) * 100);
  });
});
