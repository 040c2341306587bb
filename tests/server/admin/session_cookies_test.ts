import { afterAll, expect, test } from "bun:test";
import { ADMIN_TOKEN, startAdmin, startEndless } from "./revoking_stage.ts";

const upstream = startEndless();
const gateway = await startAdmin(upstream.url);
const { host } = new URL(gateway.admin);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

test.each([
  ["https", "__Host-signway_session", "signway_session"],
  ["http", "signway_session", "__Host-signway_session"],
])(
  "a session of a page with %s has the cookie %s, whatever %s says",
  async (scheme, own, other) => {
    const post = (path: string, init: RequestInit = {}) =>
      fetch(gateway.admin + path, {
        ...{ method: "POST", redirect: "manual", ...init },
        headers: { Origin: `${scheme}://${host}`, ...init.headers },
      });
    const begun = await post("/login", { body: new URLSearchParams({ token: ADMIN_TOKEN }) });
    const set = begun.headers.get("set-cookie")!;
    expect([begun.status, set.startsWith(`${own}=`)]).toEqual([303, true]);
    expect(set.endsWith("; Secure")).toBe(scheme === "https");
    const headers = { Cookie: `${other}=${"A".repeat(43)}; ${set.split(";")[0]}` };
    const status = async () => (await fetch(`${gateway.admin}/api/overview`, { headers })).status;
    expect(await status()).toBe(200);
    const ended = await post("/logout", { headers });
    expect(ended.headers.get("set-cookie")).toMatch(new RegExp(`^${own}=; .*Max-Age=0`));
    expect(await status()).toBe(401);
  },
);
