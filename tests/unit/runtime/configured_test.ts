import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { loadSettingsFile } from "../../../lib/cli/support/load_settings.ts";
import type { Settings } from "../../../lib/config/settings.ts";
import { TimerWheel } from "../../../lib/gateway/time/timer_wheel.ts";
import { signToken } from "../../../lib/mod.ts";
import { type Configured, createConfigure } from "../../../lib/runtime/configured.ts";
import { createMemoryLedger } from "../../../lib/runtime/create_gateway.ts";
import { silentLog } from "../../../lib/runtime/observe/log.ts";
import { signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";

const SECRET = "a secret that has 32 bytes, or more";

const GATEWAY = "https://gateway.example/";

function settingsOf(ids: readonly string[]): Settings {
  const upstream = [{ url: "https://api.example/" }];
  const config = { app: ids.map((id) => ({ id, secrets: [SECRET], upstream })) };
  return loadSettingsFile("main.json", {}, () => JSON.stringify(config));
}

/** A process whose configuration is loaded again. */
function reloading() {
  const inForce = (): Configured => configured!;
  const parts = { timers: new TimerWheel(), ledger: createMemoryLedger() };
  const configure = createConfigure({ log: silentLog() }, parts, () => "serving", inForce);
  let configured: Configured | undefined;
  return {
    load: (settings: Settings) => void (configured = configure(settings, configured)),
    send: async (request: Request) => (await configured!.gateway(request)).status,
  };
}

/** Waits until few of some things are left. The collector may take any number on the stack for a reference. */
async function untilFew(things: string, few: number, count: () => number): Promise<void> {
  await waitFor(`the end of ${things}`, () => {
    Bun.gc(true);
    return count() < few;
  });
}

test("a configuration does not keep those before it", async () => {
  const { load, send } = reloading();
  const loaded: WeakRef<Settings>[] = [];
  for (let i = 0; i < 10; i++) {
    const settings = settingsOf([`app ${i}`]);
    loaded.push(new WeakRef(settings));
    load(settings);
  }
  await untilFew("configurations", 4, () => loaded.filter((settings) => settings.deref()).length);
  expect(await send(new Request(GATEWAY))).toBe(400);
});

test("a configuration takes the keys of its apps with it", async () => {
  const { load, send } = reloading();
  // No rule matches, so nothing is sent.
  const statuses = async (id: string) => {
    const signed = signedTarget(GATEWAY, "https://other.example/", { id, secret: SECRET });
    const headers = { Authorization: `Bearer ${await signToken({ id, secret: SECRET })}` };
    const withToken = new Request(`${GATEWAY}other.example/`, { headers });
    return Promise.all([send(new Request(new URL(signed, GATEWAY))), send(withToken)]);
  };
  const keys = () => heapStats().objectTypeCounts["CryptoKey"] ?? 0;
  const ids = Array.from({ length: 100 }, (_, i) => `app ${i}`);
  load(settingsOf(ids));
  for (const id of ids) expect(await statuses(id)).toEqual([403, 403]);
  expect(keys()).toBeGreaterThanOrEqual(2 * ids.length);
  load(settingsOf(["other"]));
  await untilFew("keys", ids.length, keys);
  expect(await statuses("other")).toEqual([403, 403]);
});
