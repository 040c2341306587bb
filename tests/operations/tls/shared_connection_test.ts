import { expect, test } from "bun:test";
import { type ClientHttp2Session, connect } from "node:http2";
import { startTlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";

function open(session: ClientHttp2Session, url: string) {
  const { pathname, search } = new URL(url);
  const request = session.request({ ":path": pathname + search });
  let [text, over] = ["", false];
  request.setEncoding("utf8");
  request.on("data", (piece: string) => (text += piece));
  request.on("end", () => (over = true));
  request.on("error", (error) => (text += String(error)));
  return { text: () => text, ended: () => over };
}

test("a quiet stream outlives the other exchanges of its HTTP/2 connection", async () => {
  await using it = await startTlsGateway(["--sse-heartbeat", "0"]);
  const session = connect(new URL(it.sign()).origin, { ca: it.authority.ca });
  const quiet = open(session, it.sign());
  await waitFor("the stream", () => quiet.text().includes("hello"));
  const refused = open(session, it.sign().replace(/\?.*/, ""));
  await waitFor("the refusal", refused.ended);
  // Longer than a connection that has nothing under way may idle.
  await Bun.sleep(16_000);
  it.feed.publish("after the silence");
  await waitFor("the event", () => quiet.text().includes("after the silence"));
  it.feed.finish();
  await waitFor("the end", quiet.ended);
  session.destroy();
  expect(quiet.text()).toBe("data: hello\n\ndata: after the silence\n\n");
}, 40_000);
