import type { GeneratedRequest } from "./generated_requests.ts";
import { installPythonPackages, runPython } from "../../support/virtual_environment.ts";

const VERSION = "0.1.3";
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
export function installPythonSdk(): Promise<string> {
  return installPythonPackages(`python-sdk-${VERSION}`, [`signway-sdk==${VERSION}`]);
}

/** Signs with the SDK and sends with `requests`, as the SDK's own suite does. */
export async function exchangeWithPython(
  python: string,
  exchange: PythonExchange,
): Promise<{ status: number; body: string }> {
  const output = await runPython([python, CLIENT, JSON.stringify(exchange)]);
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
  return JSON.parse(await runPython([python, script], new Blob([JSON.stringify(input)])));
}
