import { expect, test } from "bun:test";
import { createAuthority } from "../../support/certificates.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { subjectAt } from "./certificate_stage.ts";

const { id, secret } = CREDENTIAL;
const PLAIN = { app: [{ id, secrets: [secret], upstream: [{ url: "http://127.0.0.1:9" }] }] };

const restartsAsked = ({ lines }: ConfiguredGateway): number =>
  lines().filter(({ msg }) => msg === "a restart is needed").length;

test("a listener with TLS keeps it when it is turned off, and shows the certificate that comes back", async () => {
  await using authority = await createAuthority();
  const [first, second] = [await authority.issue(), await authority.issue()];
  const withTls = ({ certFile, keyFile }: typeof first) => ({
    ...PLAIN,
    tls_cert: certFile,
    tls_key: keyFile,
  });
  await using gateway = await startConfigured(withTls(first));
  const it = { gateway, authority };
  for (const [config, subject] of [
    [PLAIN, "1"],
    [withTls(first), "1"],
    [PLAIN, "1"],
    [withTls(second), "2"],
    [PLAIN, "2"],
    [withTls(first), "1"],
  ] as const) {
    await gateway.reconfigure(config);
    expect(await subjectAt(it)).toBe(subject);
  }
  expect(restartsAsked(gateway)).toBe(3);
}, 30_000);

test.each([1, 2])(
  "a plain listener stays plain when TLS is turned on and the certificate changes, with %i workers",
  async (workers) => {
    await using authority = await createAuthority();
    await using gateway = await startConfigured({ ...PLAIN, workers });
    for (const count of [1, 2]) {
      const { certFile, keyFile } = await authority.issue();
      await gateway.reconfigure({ ...PLAIN, workers, tls_cert: certFile, tls_key: keyFile });
      await waitFor("each worker", () => restartsAsked(gateway) === count * workers);
      for (let i = 0; i < 12; i += 1) {
        const response = await fetch(gateway.url, { keepalive: false });
        expect(response.headers.get("x-sw-problem")).toBe("signature_missing");
      }
    }
  },
  30_000,
);
