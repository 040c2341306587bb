import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { openSigned } from "../../support/by_path.ts";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { builtDist } from "../../support/dist.ts";
import { type EventFeed, startEventFeed } from "../../support/event_feed.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { type NotifySocket, openNotifySocket } from "../../support/notify_socket.ts";
import { childrenOf } from "../../support/processes.ts";
import { requirement } from "../../support/requirement.ts";
import { signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import type { Architecture } from "../../../build/root_file_system/libc.ts";
import { installMusl } from "./musl_root.ts";
import { assertContainers, contain, type Container, type ContainerOptions } from "./contained.ts";

const QEMU = "qemu-aarch64-static";
const native = process.arch === "x64";
const able = await requirement("a container without a container runtime", () =>
  assertContainers(...(native ? [QEMU] : [])),
);
const dist = await builtDist();

const musl = await requirement("musl, from Debian and PyPI", async () => ({
  amd64: await installMusl("amd64"),
  arm64: await installMusl("arm64"),
}));

interface Case {
  name: string;
  root: string;
  container: ContainerOptions;
  env: Record<string, string>;
}

const AMD64 = { container: {}, env: {} };
const ARM64 = {
  container: { emulator: Bun.which(QEMU) ?? QEMU },
  // The kernel cannot start an emulated program over; everything else is as it is elsewhere.
  env: { BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" },
};

/** The binary for musl, and what it finds in a distribution with musl. */
function onMusl(architecture: Architecture, { container, env }: Omit<Case, "name" | "root">): Case {
  const name = `signway-linux-${architecture}-musl`;
  const root = "value" in musl ? `${musl.value[architecture]}:${dist}` : "";
  return { name, root, container: { ...container, program: [`/${name}`] }, env };
}

const CASES: Case[] = [
  { name: "rootfs-amd64", root: `${dist}/rootfs-amd64`, ...AMD64 },
  { name: "rootfs-arm64", root: `${dist}/rootfs-arm64`, ...ARM64 },
  ...("value" in musl ? [onMusl("amd64", AMD64), onMusl("arm64", ARM64)] : []),
];

test.each([
  ["amd64", "ld-linux-x86-64.so.2"],
  ["arm64", "ld-linux-aarch64.so.1"],
])(
  "rootfs-%s holds the binary, its libraries and one user, and nothing else",
  async (architecture, loader) => {
    const root = `${dist}/rootfs-${architecture}`;
    const paths = await readdir(root, { recursive: true, withFileTypes: true });
    const files = paths.filter((entry) => !entry.isDirectory());
    expect(files.every((entry) => entry.isFile())).toBe(true);
    const libraries = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"];
    expect(files.map(({ name }) => name).sort()).toEqual([
      loader,
      ...libraries,
      "passwd",
      "signway",
    ]);
    expect(await readFile(`${root}/etc/passwd`, "utf8")).toBe(
      "signway:x:65532:65532::/:/signway\n",
    );
  },
);

describe.skipIf("reason" in able).each(CASES)("$name", ({ root, container: options, env }) => {
  let feed: EventFeed;
  let authority: Authority;
  let container: Container;
  let gateway: Gateway;
  let manager: NotifySocket;

  beforeAll(async () => {
    feed = await startEventFeed();
    manager = await openNotifySocket(`@signway-${crypto.randomUUID()}`);
    authority = await createAuthority();
    container = await contain(root, {
      ...options,
      files: {
        "/etc/hosts": "127.0.0.1 localhost upstream.test\n",
        "/etc/authority.pem": authority.ca,
      },
    });
    gateway = await startGateway({
      command: container.command,
      args: [
        "--allow-private-upstreams",
        "--upstream-ca",
        "/etc/authority.pem",
        "-H",
        "X-Key: the secret",
      ],
      env: { ...env, NOTIFY_SOCKET: manager.address },
    });
  });
  afterAll(async () => {
    await gateway?.stop("SIGKILL");
    await container?.[Symbol.asyncDispose]();
    await authority?.[Symbol.asyncDispose]();
    await manager?.[Symbol.asyncDispose]();
    await feed?.stop();
  });

  const ask = (target: string, damage = (path: string) => path): Promise<Response> =>
    fetch(`http://127.0.0.1:${gateway.port}${damage(signedTarget(gateway.url, target))}`);

  test("runs as process 1 of an unprivileged user without a capability", async () => {
    const [inside] = await childrenOf(gateway.pid);
    const status = await readFile(`/proc/${inside}/status`, "utf8");
    expect(status).toMatch(/^NSpid:\s\d+\s1$/m);
    expect(status).toMatch(/^Uid:\s65532\s65532\s65532\s65532$/m);
    expect(status).toMatch(/^CapEff:\s0{16}$/m);
    expect(status).toMatch(/^Groups:\s*$/m);
    const mounts = await readFile(`/proc/${inside}/mounts`, "utf8");
    expect(mounts).toMatch(/^overlay \/ overlay ro,/m);
  });

  test("tells a service manager when it listens", async () => {
    const { fields } = await manager.find("READY");
    expect(fields["STATUS"]).toBe(`listening on ${gateway.url}`);
  });

  test("verifies, and says what is wrong", async () => {
    const response = await ask(feed.url);
    expect(response.status).toBe(200);
    await response.body?.cancel();
    const damaged = await ask(feed.url, (path) =>
      path.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")),
    );
    expect([damaged.status, ((await damaged.json()) as { code: string }).code]).toEqual([
      400,
      "signature_mismatch",
    ]);
  });

  test("calls an https upstream by its name and adds the header", async () => {
    const { cert, key } = await authority.issue({ names: "DNS:upstream.test" });
    using upstream = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: { cert, key },
      fetch: ({ headers }) => new Response(headers.get("x-key")),
    });
    const response = await ask(`https://upstream.test:${upstream.port}/`);
    expect([response.status, await response.text()]).toEqual([200, "the secret"]);
  });

  test("refuses an https upstream whose name is another", async () => {
    const { cert, key } = await authority.issue({ names: "DNS:other.test" });
    using upstream = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: { cert, key },
      fetch: () => new Response(),
    });
    const response = await ask(`https://upstream.test:${upstream.port}/`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      502,
      "upstream_unreachable",
    ]);
  });

  test("finishes a stream after SIGTERM, and ends with 0", async () => {
    using client = await openSigned(gateway, feed.url);
    await waitFor("the first event", () => client.received().includes("hello"));
    const [inside] = await childrenOf(gateway.pid);
    process.kill(inside!, "SIGTERM");
    await waitFor("the stop", () => gateway.lines().some(({ msg }) => msg === "stopping"));
    feed.publish("late");
    feed.finish();
    const { body } = await client.response();
    expect(body.toString().replace(/^:\n/gm, "")).toBe("data: hello\n\ndata: late\n\n");
    expect(await gateway.exited).toBe(0);
    expect(gateway.stderr()).toBe("");
  });
});
