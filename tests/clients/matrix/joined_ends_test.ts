import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cutPieces } from "../../../lib/gateway/providers/stream_cut.ts";
import { startUpstream } from "../../support/raw_upstream.ts";
import { CLIENTS, titleOf } from "../heartbeats/clients.ts";
import { eventsOf } from "../heartbeats/fake_provider.ts";
import { clientCommands, converse, errorOf, isLeftOver, type Outcome } from "./ended_clients.ts";

// On its way, the error at the end of a stream may be joined with what was sent before it.
const CUT = cutPieces("google", { code: "bytes_exhausted", message: "no bytes", status: 403 });

const upstream = await startUpstream(({ startLine }) => {
  const body = Buffer.concat([Buffer.from(eventsOf(startLine.split(" ")[1]!).join("")), ...CUT]);
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n`;
  return [head + body.toString("latin1")];
});
afterAll(() => upstream.stop());

const commands = await clientCommands();

describe.each(commands)("in $host, an end joined with the answer", ({ host, command }) => {
  const clients = CLIENTS.filter(
    ({ host: own, path, name }) => own === host && path === "/google" && !/openai/.test(name),
  );
  let outcomes: Outcome[];
  beforeAll(async () => {
    if ("reason" in command) return;
    const pairs = clients.map(({ name, path }) => [name, upstream.url + path]);
    outcomes = await converse(command.value, pairs);
  }, 60_000);

  test
    .skipIf("reason" in command)
    .each(clients.map((client, index) => [titleOf(client), index] as const))(
    "is an error for %s",
    (_, index) => {
      const client = clients[index]!;
      const { error, thrown } = outcomes[index]!;
      if (!isLeftOver(client, error)) expect(thrown).toMatchObject(errorOf(client));
    },
  );
});
