import { type Gateway } from "./gateway.ts";
import { connect, type RawClient } from "./raw_client.ts";
import { type RawUpstream, type Step, startUpstream } from "./raw_upstream.ts";
import { requestBytes, signedTarget } from "./signed.ts";

/** An upstream that plays another script on each path. */
export interface ScriptedUpstream extends RawUpstream {
  /** Keeps a script; the absolute URL that plays it. */
  on: (...steps: Step[]) => string;
  /** How many requests came for that URL. */
  count: (url: string) => number;
}

/** Starts one; tests that share it can run at the same time. */
export async function startScripted(): Promise<ScriptedUpstream> {
  const scripts = new Map<string, Step[]>();
  const pathOf = (startLine: string): string => startLine.split(" ")[1] ?? "";
  const upstream = await startUpstream(({ startLine }) => scripts.get(pathOf(startLine)) ?? []);
  return {
    ...upstream,
    on(...steps) {
      const path = `/${scripts.size}`;
      scripts.set(path, steps);
      return upstream.url + path;
    },
    count: (url) =>
      upstream.requests.filter(({ startLine }) => upstream.url + pathOf(startLine) === url).length,
  };
}

/** Sends one signed request without waiting for the answer. */
export async function openSigned(
  gateway: Pick<Gateway, "url" | "port">,
  target: string,
  method = "GET",
  headers: string[] = [],
): Promise<RawClient> {
  const client = await connect(gateway.port);
  const path = signedTarget(gateway.url, target, { method });
  await client.write(requestBytes(method, path, { headers }));
  return client;
}
