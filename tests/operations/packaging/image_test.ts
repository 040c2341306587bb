import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../../package.json";
import { builtDist } from "../../support/dist.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { childrenOf } from "../../support/processes.ts";
import { requirement } from "../../support/requirement.ts";
import { signedTarget } from "../../support/signed.ts";
import { assertContainers, contain } from "./contained.ts";
import { ROOT } from "../../support/root.ts";

const able = await requirement("buildah, and a container without a container runtime", () =>
  assertContainers("buildah"),
);
const dist = await builtDist();

interface Image {
  OCIv1: {
    architecture: string;
    os: string;
    config: Record<string, unknown>;
    rootfs: { diff_ids: string[] };
  };
  Docker: { config: { Healthcheck: Record<string, unknown> } };
}

describe.skipIf("reason" in able)("the image of the Dockerfile", () => {
  let storage: string;
  let image: Image;
  let root: string;

  const buildah = async (...args: string[]): Promise<string> => {
    const places = [
      "--storage-driver",
      "vfs",
      "--root",
      `${storage}/root`,
      "--runroot",
      `${storage}/run`,
    ];
    const { exitCode, stdout, stderr } = await Bun.$`buildah ${places} ${args}`
      .cwd(ROOT)
      .quiet()
      .nothrow();
    if (exitCode !== 0) throw new Error(`buildah ${args[0]}: ${stderr.toString()}`);
    return stdout.toString().trim();
  };

  beforeAll(async () => {
    storage = await mkdtemp(join(tmpdir(), "signway-image-"));
    const settings = { SOURCE: "dist", COMMIT: "0123456789abcdef", VERSION: packageJson.version };
    const build = Object.entries(settings).flatMap(([name, value]) => [
      "--build-arg",
      `${name}=${value}`,
    ]);
    const how = ["--isolation", "chroot", "--format", "docker", "--pull-never"];
    await buildah("bud", ...how, ...build, "--platform", "linux/amd64", "-t", "signway", ".");
    image = JSON.parse(await buildah("inspect", "--type", "image", "signway")) as Image;
    root = await buildah("mount", await buildah("from", "--pull-never", "signway"));
  });
  afterAll(async () => {
    if (storage) await buildah("umount", "--all").catch(() => "");
    if (storage) await rm(storage, { recursive: true, force: true });
  });

  test("has one user, one port, one program, and a question after its health", () => {
    expect(image.OCIv1).toMatchObject({ architecture: "amd64", os: "linux" });
    expect(image.OCIv1.rootfs.diff_ids).toHaveLength(1);
    expect(image.OCIv1.config).toMatchObject({
      User: "65532:65532",
      ExposedPorts: { "3000/tcp": {} },
      Entrypoint: ["/signway"],
      Labels: {
        "org.opencontainers.image.title": "Signway",
        "org.opencontainers.image.description": packageJson.description,
        "org.opencontainers.image.licenses": packageJson.license,
        "org.opencontainers.image.version": packageJson.version,
        "org.opencontainers.image.revision": "0123456789abcdef",
      },
    });
    expect(image.OCIv1.config["Cmd"]).toBeUndefined();
    expect(image.Docker.config.Healthcheck).toMatchObject({ Test: ["CMD", "/signway", "health"] });
  });

  test("holds rootfs-amd64 to the byte, in 125 MB at most", async () => {
    const { exitCode, stdout } = await Bun.$`diff -r ${dist}/rootfs-amd64 ${root}`
      .quiet()
      .nothrow();
    expect([exitCode, stdout.toString()]).toEqual([0, ""]);
    expect(Number(await Bun.$`du -sb ${root}`.text().then(parseFloat))).toBeLessThan(125_000_000);
    expect((await stat(`${root}/signway`)).mode & 0o777).toBe(0o755);
  });

  // Some platforms give every container a user of its own choice, and some none but root.
  test.each([65532, 1_000_730_000, 0])(
    "serves, streams, is healthy and stops, as user %i",
    async (user) => {
      await using feed = await startEventFeed();
      await using container = await contain(root, { user });
      const { id, secret } = CREDENTIAL;
      const args = [id, secret, "--header", "X-Key: the secret", "--allow-private-upstreams"];
      await using gateway = await startGateway({ command: container.command, args });
      const url = `http://127.0.0.1:${gateway.port}`;
      const response = await fetch(url + signedTarget(gateway.url, feed.url));
      expect([response.status, response.headers.get("content-type")]).toEqual([
        200,
        "text/event-stream",
      ]);

      await using beside = await contain(root, { user });
      const health = async (): Promise<number> => {
        const env = { PATH: process.env["PATH"]!, PORT: String(gateway.port) };
        return await Bun.spawn([...beside.command, "health"], {
          env,
          stdio: ["ignore", "ignore", "ignore"],
        }).exited;
      };
      expect(await health()).toBe(0);
      feed.finish();
      expect((await response.text()).replace(/^:\n/gm, "")).toBe("data: hello\n\n");
      const [inside] = await childrenOf(gateway.pid);
      process.kill(inside!, "SIGTERM");
      expect(await gateway.exited).toBe(0);
      expect(await health()).toBe(1);
    },
  );
});
