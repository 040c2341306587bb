import { expect, test } from "bun:test";
import { restartKeys } from "../../../lib/config/describe_changes.ts";
import type { Settings } from "../../../lib/config/settings.ts";
import { withStartValues } from "../../../lib/config/start_values.ts";

const TLS = { cert: "a certificate", key: "a key" };
const OTHER = { cert: "another certificate", key: "another key" };

/** Settings with one text as the value of everything. */
function settingsOf(value: string, more: object = {}): Settings {
  const names = [...restartKeys().keys(), "apps", "drain"];
  const all = Object.fromEntries(names.map((name) => [name, value]));
  return { ...all, ...more } as unknown as Settings;
}

test("everything that needs a restart is as at the start, and nothing else", () => {
  const settings = withStartValues(settingsOf("latest"), settingsOf("initial"));
  const expected = { ...settingsOf("initial"), apps: "latest", drain: "latest" };
  expect(settings as object).toEqual(expected);
  expect(restartKeys().keys().toArray()).toContain("ledger");
});

test("what the start did not have is absent", () => {
  const initial = settingsOf("initial");
  delete initial.adminToken;
  expect("adminToken" in withStartValues(settingsOf("latest"), initial)).toBe(false);
});

test.each([
  ["is not begun", undefined, OTHER, undefined],
  ["is not ended", TLS, undefined, TLS],
  ["has the latest certificate", TLS, OTHER, OTHER],
] as const)("TLS %s", (_, before, after, expected) => {
  const [initial, latest] = [before, after].map((tls) => settingsOf("any", tls ? { tls } : {}));
  expect(withStartValues(latest!, initial!).tls).toEqual(expected as never);
});
