import { existsSync } from "node:fs";
import { acquireLock } from "../../support/lock.ts";
import type { GeneratedRequest } from "./generated_requests.ts";
import { ROOT } from "../../support/root.ts";

const VERSION = "0.1.3";
const VENV = `${ROOT}/.cache/python-sdk-${VERSION}`;
const CLIENT = `${import.meta.dirname}/python_sdk_client.py`;

/** What the client is told: how to sign, how long to wait, what to send. */
export interface PythonExchange {
  /** The arguments of the SDK's `sign_url`, by its names. */
  sign: Record<string, unknown>;
  /** In seconds, between signing and sending. Default: 0. */
  wait?: number;
  /** Default: none. */
  headers?: Record<string, string>;
  /** Default: none. */
  body?: string;
}

/** Installs the published SDK from PyPI, once; resolves with the path of a Python that has it. */
export async function installPythonSdk(): Promise<string> {
  using _ = await acquireLock("python_sdk");
  const python = `${VENV}/bin/python`;
  const marker = `${VENV}/complete`;
  if (existsSync(marker)) return python;
  if (!Bun.which("python3")) throw new Error("python3 is missing");
  await run(["python3", "-m", "venv", "--clear", VENV]);
  const pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await run([...pip, `signway-sdk==${VERSION}`]);
  await Bun.write(marker, "");
  return python;
}

/** Signs with the SDK and sends with `requests`, as the SDK's own suite does. */
export async function exchangeWithPython(
  python: string,
  exchange: PythonExchange,
): Promise<{ status: number; body: string }> {
  const output = await run([python, CLIENT, JSON.stringify(exchange)]);
  return JSON.parse(output) as { status: number; body: string };
}

/** Signs all of them at the same moment, in one process; the URLs come in the order of the requests. */
export async function signWithPython(
  python: string,
  requests: readonly GeneratedRequest[],
  now: Date,
): Promise<string[]> {
  const moment = Math.floor(now.getTime() / 1000);
  const input = requests.map(({ target, gateway, expires, ...rest }) => ({
    sign: { ...rest, host: gateway, proxy_url: target, expiry: expires },
    now: moment,
  }));
  const script = `${import.meta.dirname}/python_sdk_batch.py`;
  return JSON.parse(await run([python, script], new Blob([JSON.stringify(input)])));
}

async function run(command: string[], stdin: "ignore" | Blob = "ignore"): Promise<string> {
  const child = Bun.spawn(command, { stdin, stdout: "pipe", stderr: "pipe" });
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await child.exited) === 0) return output;
  throw new Error(`${command.slice(0, 4).join(" ")}: ${complaint.trim().split("\n").at(-1)}`);
}

function text(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return new Response(stream).text();
}
