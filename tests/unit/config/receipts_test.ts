import { describe, expect, test } from "bun:test";
import { describeSettings } from "../../../lib/config/description/describe_settings.ts";
import { APP, mistakesOfFile, settingsOfFile } from "./configured.ts";

const secretOf = (length: number) => `whsec_${Buffer.alloc(length, 7).toString("base64")}`;
const valid = { url: "https://backend.example/usage?tenant=CANARY", secret: secretOf(32) };
const withReceipts = (receipts: object) => ({ app: [{ ...APP, receipts }] });

const SECRET =
  "must be whsec_ and the Base64 of 24 to 64 bytes: make one with `openssl rand -base64 32`";
const HTTPS = "must be https, or http on loopback: use https, or set allow_http = true";
const URL_FORM = "must be an absolute http or https URL without user info and fragment";

describe("[app.receipts] is wrong with", () => {
  test.each<[what: string, change: object, mistake: string]>([
    ["a secret without whsec_", { secret: secretOf(32).slice(6) }, `secret ${SECRET}`],
    ["a secret of 23 bytes", { secret: secretOf(23) }, `secret ${SECRET}`],
    ["a secret of 65 bytes", { secret: secretOf(65) }, `secret ${SECRET}`],
    ["a secret that is no Base64", { secret: `whsec_${"CANARY-_".repeat(5)}` }, `secret ${SECRET}`],
    ["a secret with a line feed", { secret: `${secretOf(32)}\n` }, `secret ${SECRET}`],
    ["no secret", { secret: undefined }, `secret is missing: it ${SECRET}`],
    ["no URL", { url: undefined }, "url is missing: it must be an https URL"],
    ["http on another host", { url: "http://backend.example/CANARY" }, `url ${HTTPS}`],
    ["a URL with user info", { url: "https://a:CANARY@backend.example/" }, `url ${URL_FORM}`],
    ["a URL with a fragment", { url: "https://backend.example/#CANARY" }, `url ${URL_FORM}`],
    ["a URL of another scheme", { url: "ftp://backend.example/CANARY" }, `url ${URL_FORM}`],
  ])("%s", (_, change, mistake) => {
    const mistakes = mistakesOfFile(withReceipts({ ...valid, ...change }));
    expect(mistakes).toEqual([`app[0].receipts.${mistake}`]);
  });

  test.each<[what: string, change: object]>([
    ["https", {}],
    ["http on loopback", { url: "http://127.0.0.1:8000/usage" }],
    ["http on loopback by name", { url: "http://localhost:8000/usage" }],
    ["http on loopback of IPv6", { url: "http://[::1]:8000/usage" }],
    ["http where it is allowed", { url: "http://10.0.0.7/usage", allow_http: true }],
    ["secrets of 24 bytes", { secret: secretOf(24) }],
    ["secrets of 64 bytes", { secret: secretOf(64) }],
  ])("nothing: %s", (_, change) => {
    expect(mistakesOfFile(withReceipts({ ...valid, ...change }))).toEqual([]);
  });
});

test("signway check says where receipts go, without the query and the secret", () => {
  const text = describeSettings(settingsOfFile(withReceipts(valid)));
  expect(text).toContain("A receipt of each exchange goes to https://backend.example/usage.");
  expect(text).not.toContain("CANARY");
  expect(text).not.toContain("whsec_");
});
