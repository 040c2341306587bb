import { describe, expect, test } from "bun:test";
import { openTls } from "../../support/open_tls.ts";
import { startTlsGateway, type TlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { replace, subjectAt } from "./certificate_stage.ts";

describe.each([1, 2])("with %i workers a certificate is replaced", (workers) => {
  const ways: [name: string, args: string[], tell: (it: TlsGateway) => void][] = [
    ["on SIGHUP", ["--no-watch"], ({ gateway }) => gateway.kill("SIGHUP")],
    ["when its file changes", [], () => {}],
  ];
  test.each(ways)(
    "%s, and a stream runs on",
    async (_, args, tell) => {
      await using it = await startTlsGateway(["--workers", String(workers), ...args]);
      await waitFor(
        "all workers",
        () => it.gateway.lines().filter(({ msg }) => msg === "listening").length === workers,
      );
      expect(await subjectAt(it)).toBe("1");
      using stream = await openTls(it.sign(), it.authority.ca);
      await waitFor("the stream", () => stream.text().includes("hello"));
      await replace(it);
      tell(it);
      const loaded = () =>
        it.gateway
          .lines()
          .filter(({ msg, changed }) => msg === "configuration loaded" && String(changed) !== "");
      await waitFor("the reload", () => loaded().length >= workers);
      for (let i = 0; i < 12; i += 1) expect(await subjectAt(it)).toBe("2");
      it.feed.publish("after the change");
      await waitFor("the event", () => stream.text().includes("after the change"));
      it.feed.finish();
      await waitFor("the end", () => stream.text().includes("\r\n0\r\n\r\n"));
      expect(it.gateway.stdout() + it.gateway.stderr()).not.toContain("PRIVATE KEY");
      expect(await it.gateway.stop()).toBe(0);
    },
    30_000,
  );
});

const ignored = ({ gateway }: TlsGateway) =>
  gateway.lines().filter(({ msg }) => msg === "configuration ignored");

const UNUSABLE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

describe("a certificate that cannot be used changes nothing:", () => {
  test("while files are watched, it is reported once, and a good one later takes effect", async () => {
    await using it = await startTlsGateway();
    await Bun.write(it.certificate.certFile, UNUSABLE);
    await waitFor("the refusal", () => ignored(it).length > 0);
    expect(ignored(it)[0]).toMatchObject({
      mistakes: [expect.stringMatching(/^--tls-cert: .+ has no certificate, or a damaged one$/)],
    });
    // Several times the interval at which files are looked at.
    await Bun.sleep(2000);
    expect(ignored(it)).toHaveLength(1);
    expect(await subjectAt(it)).toBe("1");
    await replace(it);
    await waitFor("the new certificate", () =>
      it.gateway.lines().find(({ msg }) => msg === "configuration loaded"),
    );
    expect(await subjectAt(it)).toBe("2");
    await Bun.write(it.certificate.certFile, UNUSABLE);
    await waitFor("the second refusal", () => ignored(it).length > 1);
  }, 30_000);

  test.each([
    ["no PEM", "nonsense"],
    ["no certificate in it", UNUSABLE],
  ])(
    "%s",
    async (_, text) => {
      await using it = await startTlsGateway(["--no-watch"]);
      await Bun.write(it.certificate.certFile, text);
      it.gateway.kill("SIGHUP");
      await waitFor("the refusal", () =>
        it.gateway.lines().find(({ msg }) => msg === "configuration ignored"),
      );
      expect(await subjectAt(it)).toBe("1");
    },
    30_000,
  );

  test("a key of another certificate", async () => {
    await using it = await startTlsGateway(["--no-watch"]);
    await Bun.write(it.certificate.keyFile, (await it.authority.issue()).key);
    it.gateway.kill("SIGHUP");
    await waitFor("the refusal", () => ignored(it).length > 0);
    expect(ignored(it)[0]).toMatchObject({
      mistakes: [expect.stringContaining("is not the key of the first certificate in")],
    });
    expect(await subjectAt(it)).toBe("1");
  }, 30_000);
});
