import { expect, test } from "bun:test";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { parseResponse } from "../../support/raw_client.ts";
import { waitFor } from "../../support/wait_for.ts";

const WORKERS = 2;

test.each([
  [4, 4],
  [5, 6],
])(
  "max_connections of %i is at most %i exchanges of two workers together",
  async (limit, most) => {
    const upstream = await startScripted();
    const url = upstream.on();
    const args = ["--upstream", upstream.url, "--workers", `${WORKERS}`];
    await using gateway = await startGateway({ args: [...args, "--max-connections", `${limit}`] });
    const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
    await waitFor("all workers", () => listening().length === WORKERS);
    // So many that each worker gets more than its share, whichever way the system spreads them.
    const clients = await Promise.all(Array.from({ length: 60 }, () => openSigned(gateway, url)));
    const refused = () =>
      clients.filter((client) => parseResponse(client.received(), false)?.status === 503).length;
    await waitFor("each to be decided", () => refused() + upstream.count(url) === clients.length);
    expect(upstream.count(url)).toBe(most);
    for (const client of clients) client.reset();
    expect(await gateway.stop("SIGKILL")).not.toBe(0);
    await upstream.stop();
  },
  30_000,
);
