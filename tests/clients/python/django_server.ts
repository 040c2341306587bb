import { existsSync } from "node:fs";
import type { HttpMessage } from "../../support/http_message.ts";
import { acquireLock } from "../../support/lock.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { requestBytes } from "../../support/signed.ts";
import { ROOT } from "../../support/root.ts";

const VERSION = "1.0.2";

/** The published package and what it runs on, all pinned. */
const PACKAGES = [
  `drf-simple-api-signing==${VERSION}`,
  "Django==5.2.19",
  "djangorestframework==3.18.3",
  "asgiref==3.13.0",
  "sqlparse==0.6.1",
];
const VENV = `${ROOT}/.cache/drf-simple-api-signing-${VERSION}`;
const SERVER = `${import.meta.dirname}/django_server.py`;

/** The package's own settings, by its names. */
export interface DjangoSettings {
  SA_SIGNING_SECRET_KEY: string;
  SA_SIGNING_FIELDS?: readonly string[];
  SA_SIGNING_DELIMETER?: string;
  SA_SIGNING_HASH_FUNCTION?: string;
}

/** What one request goes through: the package's middleware, or its permission for REST views. */
export type Guard = "middleware" | "permission";

/** A request in the words of its wire. */
export interface WireRequest {
  method: string;
  target: string;
  headers: readonly string[];
  body?: string | Uint8Array;
}

/** Django as a process of its own. */
export interface Django extends AsyncDisposable {
  send: (request: WireRequest, settings: DjangoSettings, guard: Guard) => Promise<HttpMessage>;
}

/** Installs the packages from PyPI, once; resolves with the path of a Python that has them. */
export async function installDjango(): Promise<string> {
  using _ = await acquireLock("django");
  const python = `${VENV}/bin/python`;
  const marker = `${VENV}/complete`;
  if (existsSync(marker)) return python;
  if (!Bun.which("python3")) throw new Error("python3 is missing");
  await run(["python3", "-m", "venv", "--clear", VENV]);
  await run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", ...PACKAGES]);
  await Bun.write(marker, "");
  return python;
}

/** Starts Django with the package on a free port. */
export async function startDjango(python: string): Promise<Django> {
  const child = Bun.spawn([python, SERVER], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child.exited;
  };
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  if (!port) throw new Error(`Django did not start: ${await new Response(child.stderr).text()}`);
  return {
    async send(request, settings, guard) {
      const told = encodeURIComponent(JSON.stringify(settings));
      const headers = [`X-Sa-Settings: ${told}`, `X-Sa-Guard: ${guard}`, ...request.headers];
      return sendTo(port, { ...request, headers });
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Sends a request as it stands, on a connection of its own. */
export async function sendTo(
  port: number,
  { method, target, headers, body = "" }: WireRequest,
): Promise<HttpMessage> {
  const bytes = requestBytes(method, target, { headers: [...headers], body });
  const response = parseResponse(await exchange(port, bytes), true, method);
  if (!response) throw new Error(`no whole response came to ${method} ${target}`);
  return response;
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const complaint = await new Response(child.stderr).text();
  if ((await child.exited) === 0) return;
  throw new Error(`${command.slice(0, 4).join(" ")}: ${complaint.trim().split("\n").at(-1)}`);
}
