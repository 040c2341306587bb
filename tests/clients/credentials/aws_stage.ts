import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { installPythonPackages } from "../../support/virtual_environment.ts";

const BOTOCORE = "botocore==1.44.8";
const PROGRAM = join(import.meta.dirname, "aws_verifier.py");

/** Keys that the verifying server knows. */
export const STATIC_KEYS = {
  access_key_id: "AKIDSTATIC",
  secret_access_key: "canary-of-a-secret-access-key-0a1b2c",
};

/** Keys that it knows with their session token, as endpoints of AWS answer. */
export const TEMPORARY_KEYS = {
  AccessKeyId: "AKIDTEMPORARY",
  SecretAccessKey: "canary-of-a-temporary-key-3d4e5f6a",
  Token: "canary-of-a-session-token-7b8c9d0e/+=",
};

/** What the verifying server says of a request. */
export interface Verdict {
  /** Why it would refuse the request, `null` if it would not. */
  mistake: string | null;
  path: string;
  headers: Record<string, string>;
  /** Of the body, in bytes. */
  length: number;
}

/** Servers that verify signatures with botocore. */
export interface Verifiers extends AsyncDisposable {
  http: number;
  https: number;
  authority: Authority;
}

/** Installs botocore, once. */
export function installBotocore(): Promise<string> {
  return installPythonPackages(BOTOCORE.replace("==", "-"), [BOTOCORE]);
}

/** Starts both servers. */
export async function startVerifiers(python: string): Promise<Verifiers> {
  const authority = await createAuthority();
  const { certFile, keyFile } = await authority.issue();
  const folder = dirname(certFile);
  await copyFile(certFile, join(folder, "cert.pem"));
  await copyFile(keyFile, join(folder, "key.pem"));
  const [http, https] = await Promise.all([
    start([python, PROGRAM]),
    start([python, PROGRAM, folder]),
  ]);
  return {
    http: http.port,
    https: https.port,
    authority,
    async [Symbol.asyncDispose]() {
      await Promise.all([http.stop(), https.stop()]);
      await authority[Symbol.asyncDispose]();
    },
  };
}

async function start(command: string[]): Promise<{ port: number; stop: () => Promise<void> }> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  if (!port) throw new Error(`no server: ${await new Response(child.stderr).text()}`);
  return {
    port,
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
