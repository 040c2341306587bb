import { type Folder, folderWith } from "../../support/folder.ts";
import { freePort } from "../../support/free_port.ts";
import { connect } from "../../support/raw_client.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { ROOT } from "../../support/root.ts";
import type { Certificate } from "../../support/certificates.ts";

const DOC = `${ROOT}/docs/reverse_proxy.md`;

/** The languages that configurations of proxies are written in. */
export type ProxyLanguage = "nginx" | "caddyfile";

/** A proxy in front of a gateway, as a process of its own. */
export interface Proxy extends AsyncDisposable {
  port: number;
}

/** The configurations of docs/reverse_proxy.md in one language, in order. */
export async function documentedConfigs(language: ProxyLanguage): Promise<string[]> {
  const text = await Bun.file(DOC).text();
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, name]) => name === language)
    .map(([, , config]) => config!);
}

/**
 * Starts a documented configuration; its addresses become those of the test. Without a certificate, https becomes http.
 */
export async function startProxy(
  language: ProxyLanguage,
  config: string,
  gatewayPort: number,
  certificate?: Certificate,
): Promise<Proxy> {
  const port = await freePort();
  const local = replaced(config, /\b127\.0\.0\.1:3000\b/, `127.0.0.1:${gatewayPort}`);
  const { command, files } =
    language === "nginx" ? nginx(local, port, certificate) : caddy(local, port, certificate);
  const folder = await folderWith(files);
  const child = Bun.spawn(command(folder), {
    cwd: folder.path("."),
    env: { PATH: process.env["PATH"] ?? "", HOME: folder.path(".") },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const stderr = new Response(child.stderr).text();
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child.exited;
    await folder[Symbol.asyncDispose]();
  };
  try {
    await waitUntil(`${language} to listen`, async () => {
      if (child.exitCode !== null) throw new Error(`${language} ended: ${await stderr}`);
      return connect(port).then(
        (client) => (client.socket.destroy(), true),
        () => false,
      );
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, [Symbol.asyncDispose]: stop };
}

function nginx(config: string, port: number, certificate?: Certificate) {
  const server = certificate
    ? withCertificate(config, port, certificate)
    : replaced(
        replaced(config, /listen 443 ssl http2;/, `listen 127.0.0.1:${port};`),
        /^ *ssl_certificate(_key)? .*\n/gm,
        "",
      );
  return {
    files: {
      "nginx.conf": `
        daemon off;
        master_process off;
        pid nginx.pid;
        events {}
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          include conf.d/*.conf;
        }`,
      "conf.d/signway.conf": server,
    },
    // Without -e it would open the log file of the system's nginx first.
    command: ({ path }: Folder) => [
      "nginx",
      "-e",
      "stderr",
      "-p",
      path("."),
      "-c",
      path("nginx.conf"),
    ],
  };
}

function withCertificate(config: string, port: number, { certFile, keyFile }: Certificate): string {
  const listening = replaced(config, /listen 443 ssl/, `listen 127.0.0.1:${port} ssl`);
  const named = replaced(listening, /ssl_certificate .*;/, `ssl_certificate ${certFile};`);
  return replaced(named, /ssl_certificate_key .*;/, `ssl_certificate_key ${keyFile};`);
}

function caddy(config: string, port: number, certificate?: Certificate) {
  const address = certificate ? `https://localhost:${port}` : `http://:${port}`;
  const tls = certificate ? `\n\ttls ${certificate.certFile} ${certificate.keyFile}` : "";
  const site = replaced(config, /^\w+\.example\.com \{$/m, `${address} {\n\tbind 127.0.0.1${tls}`);
  return {
    // Port 80 is not the test's.
    files: { Caddyfile: `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}` },
    command: ({ path }: Folder) => [
      "caddy",
      "run",
      "--adapter",
      "caddyfile",
      "--config",
      path("Caddyfile"),
    ],
  };
}

function replaced(text: string, pattern: RegExp, by: string): string {
  if (text.search(pattern) < 0)
    throw new Error(`docs/reverse_proxy.md has a block without ${pattern}`);
  return text.replace(pattern, by);
}
