import { createHmac } from "node:crypto";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { formatRequestDate } from "../../lib/signing/request_date.ts";
import { startNginx } from "./nginx.ts";
import type { Peer } from "./peer.ts";

export const nginxNjs: Peer = {
  name: "nginx with njs",
  target: "signed",
  async start({ upstreamPort, id, secret, authorization, folder }) {
    await copyFile(join(import.meta.dir, "nginx", "verify.js"), join(folder, "verify.js"));
    const settings = { id, origin: `http://127.0.0.1:${upstreamPort}`, days: daysOf(secret) };
    await Bun.write(join(folder, "settings.json"), JSON.stringify(settings));
    return startNginx("njs.conf", { upstreamPort, authorization }, folder);
  },
};

/**
 * The days on which a URL that still holds can have been signed, each with its first second and its
 * derived key. njs 0.7 starts every request with a fresh VM and so cannot keep keys itself; an
 * operator would write this file once a day and reload nginx.
 */
function daysOf(secret: string): Record<string, { start: number; key: string }> {
  const today = Math.floor(Date.now() / 86_400_000);
  const days = Array.from({ length: 10 }, (_, index) => {
    const start = (today - 8 + index) * 86_400;
    const scope = formatRequestDate(new Date(start * 1000)).slice(0, 8);
    const key = createHmac("sha256", `SW1-HMAC-SHA256${secret}`).update(scope).digest("hex");
    return [scope, { start, key }];
  });
  return Object.fromEntries(days);
}
