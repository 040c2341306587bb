import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, type RawUpstream, startUpstream, type Step } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";

const gateway = await startGateway({ args: ["--allow-private-upstreams"] });

afterAll(() => gateway.stop("SIGKILL"));

const head = (type: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;

interface Moment {
  name: string;
  steps: Step[];
  method?: string;
  headers?: string[];
  sent?: string;
  /** Whether the response has begun by then. */
  headSent?: boolean;
  /** Whether the moment has come to leave. */
  reached: (client: RawClient, upstream: RawUpstream) => boolean;
}

const asked = (_: RawClient, { connections }: RawUpstream): boolean =>
  connections[0]?.received().includes("\r\n\r\n") ?? false;
const upload = { method: "POST", steps: [] };

const MOMENTS: Moment[] = [
  { name: "while it waits for the head", steps: [], reached: asked },
  {
    name: "in the middle of a stream",
    steps: [head("text/plain") + chunk("part")],
    headSent: true,
    reached: (client) => client.received().includes("part"),
  },
  {
    name: "in the middle of an event stream",
    steps: [head("text/event-stream") + chunk("data: part\n\n")],
    headSent: true,
    reached: (client) => client.received().includes("part"),
  },
  {
    name: "in an event stream before its first event",
    steps: [head("text/event-stream")],
    headSent: true,
    reached: (client) => client.received().includes(":\n"),
  },
  {
    name: "in the middle of a body with a length",
    steps: [`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${"part".repeat(100)}`],
    headSent: true,
    reached: (client) => client.received().includes("part"),
  },
  {
    name: "while a short body with a length comes",
    steps: ["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"],
    reached: asked,
  },
  {
    ...upload,
    name: "in the middle of an upload with a length",
    headers: ["Content-Length: 100000"],
    sent: "part",
    reached: (_, { connections }) => connections[0]?.received().includes("part") ?? false,
  },
  {
    ...upload,
    name: "in the middle of an upload in chunks",
    headers: ["Transfer-Encoding: chunked"],
    sent: chunk("part"),
    reached: (_, { connections }) => connections[0]?.received().includes("part") ?? false,
  },
];

const WAYS: [name: string, leave: (client: RawClient) => void][] = [
  ["closes", (client) => client.socket.destroy()],
  ["resets", (client) => client.reset()],
  // The runtime takes a half-close for a close.
  ["half-closes", (client) => client.end()],
];

describe("when the client leaves, the upstream's connection closes", () => {
  const cases = MOMENTS.flatMap((moment) =>
    WAYS.map(([way, leave]) => [`${way} ${moment.name}`, moment, leave] as const),
  );
  test.each(cases)("it %s", async (name, moment, leave) => {
    const { steps, method = "GET", headers = [], sent = "", headSent = false, reached } = moment;
    await using upstream = await startUpstream(steps);
    using client = await connect(gateway.port);
    const target = `${upstream.url}/${encodeURIComponent(name)}`;
    const path = signedTarget(gateway.url, target, { method });
    await client.write(requestBytes(method, path, { headers }));
    if (sent) await client.write(sent);
    await waitFor("the moment", () => reached(client, upstream));
    leave(client);
    await waitFor("the close", () => upstream.connections[0]?.ended(), 2000);
    expect(upstream.connections).toHaveLength(1);
    if (sent) expect(upstream.requests).toHaveLength(0);
    const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
    expect(record).toMatchObject({ outcome: "client_gone", status: headSent ? 200 : 499 });
  });
});
