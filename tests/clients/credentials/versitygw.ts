import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { freePort } from "../../support/free_port.ts";
import { installGoProgram } from "../../support/go_program.ts";
import { STATIC_KEYS } from "./aws_stage.ts";

/** The region for which requests have to be signed. */
export const REGION = "eu-west-1";

/** The bucket that is there at the start. */
export const BUCKET = "bucket";

/** Two S3 servers over one folder, by http and by https. They verify signatures with code of their own. */
export interface S3Servers extends AsyncDisposable {
  /** The `host:port` of each. */
  hosts: { http: string; https: string };
  /** The folder of the bucket: an object is a file in it. */
  folder: string;
  authority: Authority;
}

/** Builds versitygw (Versity, Apache-2.0) from Go's module proxy, once: about a minute, 83 MB. */
export function installVersitygw(): Promise<string> {
  return installGoProgram("github.com/versity/versitygw/cmd/versitygw", "v1.8.0");
}

/** Starts both servers. */
export async function startS3Servers(program: string): Promise<S3Servers> {
  const root = await mkdtemp(join(tmpdir(), "signway-s3-"));
  const folder = join(root, "objects", BUCKET);
  await Promise.all([folder, join(root, "metadata")].map((it) => mkdir(it, { recursive: true })));
  const authority = await createAuthority();
  const { certFile, keyFile } = await authority.issue();
  const start = async (options: string[]) => {
    const host = `127.0.0.1:${await freePort()}`;
    const settings = ["--quiet", "--region", REGION, "--port", host, ...options];
    const storage = ["posix", "--sidecar", join(root, "metadata"), join(root, "objects")];
    const child = Bun.spawn([program, ...settings, ...storage], {
      env: {
        ROOT_ACCESS_KEY: STATIC_KEYS.access_key_id,
        ROOT_SECRET_KEY: STATIC_KEYS.secret_access_key,
      },
      stdio: ["ignore", "ignore", "ignore"],
    });
    await untilOpen(host, child);
    return { host, child };
  };
  const http = await start([]);
  const https = await start(["--cert", certFile, "--key", keyFile]);
  return {
    hosts: { http: http.host, https: https.host },
    folder,
    authority,
    async [Symbol.asyncDispose]() {
      for (const { child } of [http, https]) {
        child.kill("SIGKILL");
        await child.exited;
      }
      await authority[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function untilOpen(host: string, { exitCode }: Bun.Subprocess): Promise<void> {
  const [hostname = "", port] = host.split(":");
  for (let attempt = 0; attempt < 200; attempt++) {
    if (exitCode !== null) break;
    const socket = await Bun.connect({ hostname, port: Number(port), socket: { data() {} } }).catch(
      () => undefined,
    );
    if (socket) {
      socket.end();
      return;
    }
    await Bun.sleep(50);
  }
  throw new Error("versitygw does not start");
}
