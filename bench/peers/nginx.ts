import { createHmac } from "node:crypto";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { formatRequestDate } from "../../lib/signing/sw1/request_date.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { type RunningServer, startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

/** The differences between two rows of nginx. */
export interface NginxOptions {
  /** Whether it writes an access log, in its usual form. Default: no. */
  log?: boolean;
  /** The number of worker processes. Default: 1. */
  workers?: number;
  /** Whether it may collect a response before it sends it on. Default: yes. */
  isBuffering?: boolean;
}

/** nginx as a plain proxy with buffers of 64 kB: no verification. */
export function nginxPlain(name = "nginx, plain proxy", options: NginxOptions = {}): Peer {
  return {
    name,
    verifies: false,
    start({ upstream, fixedTarget, folder, ca = "" }) {
      const target = fixedTarget || "$request_uri";
      const tls = ca ? `proxy_ssl_trusted_certificate ${ca}; proxy_ssl_verify on;` : "";
      return startNginx("plain.conf", { ...commonValues(upstream, options), target, tls }, folder);
    },
  };
}

/** nginx that verifies the same signature in JavaScript and injects the header. */
export function nginxNjs(name = "nginx with njs", options: NginxOptions = {}): Peer {
  return {
    name,
    verifies: true,
    async start({ upstream, id, secret, authorization, folder }) {
      await copyFile(join(import.meta.dir, "nginx", "verify.js"), join(folder, "verify.js"));
      const settings = { id, origin: upstream, days: deriveDayKeys(secret) };
      await Bun.write(join(folder, "settings.json"), JSON.stringify(settings));
      return startNginx("njs.conf", { ...commonValues(upstream, options), authorization }, folder);
    },
  };
}

function commonValues(upstream: string, options: NginxOptions) {
  const { log = false, workers = 1, isBuffering = true } = options;
  const { protocol, host } = new URL(upstream);
  const accessLog = log ? "access.log combined" : "off";
  const buffering = isBuffering ? "on" : "off";
  return { scheme: protocol.slice(0, -1), host, accessLog, workers, buffering };
}

/**
 * Starts an nginx of its own, in the foreground.
 *
 * @param template a file beside this one in `nginx/`, where `{{name}}` stands for a value
 * @param values the values by their names; `port` and `folder` are added
 * @param folder where it may write
 */
export async function startNginx(
  template: string,
  values: Record<string, string | number>,
  folder: string,
): Promise<RunningServer> {
  const port = await freePort();
  const text = await Bun.file(join(import.meta.dir, "nginx", template)).text();
  const config = join(folder, template);
  await Bun.write(config, fillTemplate(text, { ...values, port, folder }));
  // Without -e it would open the log file of the system's nginx first.
  return startServer(["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", config], port);
}

function fillTemplate(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has no value for ${name}`);
    return `${value}`;
  });
}

/**
 * The days on which a URL that has not expired can have been signed, each with its first second and
 * its derived key. njs 0.7 starts every request with a fresh VM and so cannot keep keys itself; an
 * operator would write this file once a day and reload nginx.
 */
function deriveDayKeys(secret: string): Record<string, { start: number; key: string }> {
  const today = Math.floor(Date.now() / 86_400_000);
  const days = Array.from({ length: 10 }, (_, index) => {
    const start = (today - 8 + index) * 86_400;
    const scope = formatRequestDate(new Date(start * 1000)).slice(0, 8);
    const key = createHmac("sha256", `SW1-HMAC-SHA256${secret}`).update(scope).digest("hex");
    return [scope, { start, key }];
  });
  return Object.fromEntries(days);
}
