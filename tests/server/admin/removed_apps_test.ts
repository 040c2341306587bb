import { expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { ADMIN_TOKEN, openStream, startAdmin, startEndless, tokenOf } from "./revoking_stage.ts";

test.each([1, 2])(
  "what is open of an app that was removed can be revoked, with %d workers",
  async (workers) => {
    const upstream = startEndless();
    await using gateway = await startAdmin(upstream.url, { workers });
    const removed = { app: CREDENTIAL.id, subject: "ada" };
    const open = await openStream(gateway, upstream.host, await tokenOf({ subject: "ada" }));
    await gateway.reconfigure({
      admin: new URL(gateway.admin).host,
      admin_token: ADMIN_TOKEN,
      workers,
      app: [{ id: "another", secrets: [CREDENTIAL.secret], upstream: [{ url: upstream.url }] }],
    });
    expect(await gateway.revoke(removed)).toMatchObject({
      status: 201,
      body: { ...removed, processes: { known: workers, reached: workers } },
    });
    await open.ended;
    expect(open.text()).toContain("token_revoked");
    await waitUntil("the exchange's end", async () => {
      const { body } = await gateway.api("/api/exchanges");
      return body.total === 0;
    });
    // A worker may still be about to load the configuration.
    await waitUntil("the app to be unknown", async () => {
      const { status, body } = await gateway.revoke({ ...removed, subject: "bob" });
      return status === 404 && body.code === "app_unknown";
    });
    upstream.stop();
  },
  60_000,
);
