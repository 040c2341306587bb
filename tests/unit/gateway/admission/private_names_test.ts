import { describe, expect, test } from "bun:test";
import { tryTarget } from "./grants.ts";

const ANY_PUBLIC = [{ headers: [] }];

describe("a name that never leaves the machine or its cloud is refused without a look-up", () => {
  test.each([
    "localhost",
    "localhost.",
    "LOCALHOST",
    "localhost。",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "%6cocalhost",
    "x.localhost",
    "a.b.localhost.",
    "printer.local",
    "metadata",
    "metadata.",
    "metadata.google.internal",
    "metadata.google.internal.",
    "METADATA.GOOGLE.INTERNAL",
    "instance-data",
    "instance-data.ec2.internal",
    "ip-10-0-0-1.eu-west-1.compute.internal",
    "host.docker.internal",
    "gateway.docker.internal",
    "kubernetes.default.svc.cluster.local",
    "router.home.arpa",
    "nas.lan",
    "wiki.intranet",
    "db.private",
    "mail.corp",
    "tv.home",
    "redis",
    "com",
  ])("%s", async (host) => {
    const attempt = await tryTarget(`http://${host}/`, ANY_PUBLIC);
    expect(attempt).toEqual({ code: "target_not_allowed", resolved: [] });
  });
});

describe("a name that only looks alike is looked up", () => {
  test.each([
    "localhost.example.com",
    "mylocalhost.example",
    "internal.example.com",
    "example.notlocal",
    "local.dev",
    "corp.com",
    "home.arpa.example",
  ])("%s", async (host) => {
    const { upstream, resolved } = await tryTarget(`http://${host}/`, ANY_PUBLIC);
    expect(upstream?.address).toBe("93.184.215.14");
    expect(resolved).toEqual([host]);
  });
});

describe("with private upstreams allowed, nothing is looked up or refused", () => {
  const rules = [{ headers: [], allowPrivate: true }];
  test.each(["http://localhost:8000/", "http://[::1]/", "http://10.0.0.1/", "http://example.com/"])(
    "%s",
    async (target) => {
      const { upstream, resolved } = await tryTarget(target, rules);
      expect(upstream).toEqual({ url: new URL(target), rule: rules[0]! });
      expect(resolved).toEqual([]);
    },
  );

  test("but a target must still be http or https without user info", async () => {
    const attempt = await tryTarget("http://user@localhost/", rules);
    expect(attempt).toEqual({ code: "target_invalid", resolved: [] });
  });
});
