import { afterAll, beforeAll, expect, test } from "bun:test";
import { builtDist } from "../../support/dist.ts";
import { freePort } from "../../support/free_port.ts";
import { bootSystemd, describeOnMachine, type Machine } from "../../support/machine.ts";
import { readmeBlock, readmeLines } from "../../support/readme.ts";
import { signedTarget } from "../../support/signed.ts";
import { waitUntil } from "../../support/wait_until.ts";

// As slirp4netns shows this machine's loopback address to a container.
const HOST = "10.0.2.2";
// What a container in namespaces may not do: write the kernel's settings and have cgroups of its own.
const CONTAINERS_CONF = `[containers]
cgroups = "disabled"
default_sysctls = []
default_ulimits = []
netns = "slirp4netns"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
network_cmd_options = ["allow_host_loopback=true"]
`;
const DOCKER = `#!/bin/sh
BUILDAH_FORMAT=docker BUILDAH_ISOLATION=chroot exec podman "$@"
`;
const commands = readmeBlock("sh", "docker run").replaceAll("\\\n", "").trimEnd().split("\n");

await builtDist();

test("the README builds and runs the container in five lines or fewer", () => {
  expect(readmeLines("sh", "docker run").length).toBeLessThanOrEqual(5);
});

await describeOnMachine("the README's container", ["podman", "crun", "slirp4netns"], () => {
  let machine: Machine;
  let api: ReturnType<typeof Bun.serve>;
  let run: ReturnType<Machine["run"]>;
  let url: string;

  beforeAll(async () => {
    api = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ headers }) => new Response(headers.get("authorization")),
    });
    url = `http://127.0.0.1:${await freePort()}`;
    machine = await bootSystemd();
    await machine.output("cat >/etc/containers/containers.conf", CONTAINERS_CONF);
    await machine.output("cat >/usr/local/bin/docker && chmod 755 /usr/local/bin/docker", DOCKER);
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await api?.stop(true);
  });

  const ask = (target: string, app: { id: string; secret: string }): Promise<Response> =>
    fetch(url + signedTarget(url, target, app));
  const isHealthy = async (): Promise<boolean> =>
    (await machine.run('podman healthcheck run "$(podman ps --quiet --latest)"')).code === 0;

  test("is built and started by the README's lines", async () => {
    const [build, image = "", start = "", ...rest] = commands;
    expect([build, ...rest]).toEqual(["bun run build"]);
    await machine.output(image);
    run = machine.run(
      start
        .replace("3000:3000", `${new URL(url).port}:3000`)
        .replace("https://api.openai.com", `http://${HOST}:${api.port}`),
    );
    await waitUntil("the container's health", isHealthy);
  });

  test("serves a signed request on the published port", async () => {
    const app = { id: "ID", secret: "SECRET" };
    const response = await ask(`http://${HOST}:${api.port}/v1/models`, app);
    expect([response.status, await response.text()]).toEqual([200, "Bearer sk-your-key"]);
    const elsewhere = await ask(`http://${HOST}:${api.port}/v2/models`, app);
    expect(elsewhere.status).toBe(403);
  });

  test("runs unprivileged on a read-only root", async () => {
    const pid = await machine.output("podman inspect --latest --format '{{.State.Pid}}'");
    const status = await machine.output(`cat /proc/${pid}/status`);
    expect(status).toMatch(/^Uid:\s65532\s65532\s65532\s65532$/m);
    expect(status).toMatch(/^CapBnd:\s0{16}$/m);
    expect(await machine.output(`cat /proc/${pid}/mounts`)).toMatch(/^\S+ \/ \S+ ro,/m);
  });

  test("ends with 0 when it is stopped", async () => {
    await machine.output("docker stop --latest");
    const { code, stdout } = await run;
    expect(stdout).toContain('"msg":"stopped"');
    expect(code).toBe(0);
  });

  test("is started by the command that signway init prints, with the file that it writes", async () => {
    const target = `http://${HOST}:${api.port}/`;
    const secret = "a-secret-of-32-bytes-or-so-long.";
    const options = `--place container --api ${target}`;
    const printed = await machine.output(
      `dist/signway-linux-amd64 init 'my gateway.toml' ${options}`,
    );
    const [start = ""] = /docker run .*?(?=\n\n)/s.exec(printed) ?? [];
    const variables = `export SW_SECRET=${secret} API_KEY=sk-of-the-file`;
    run = machine.run(`${variables}\n${start.replace("3000:3000", `${new URL(url).port}:3000`)}`);
    await waitUntil("the container's health", isHealthy);
    const response = await ask(`${target}v1/models`, { id: "web", secret });
    expect([response.status, await response.text()]).toEqual([200, "Bearer sk-of-the-file"]);
    await machine.output("docker stop --latest");
    expect((await run).code).toBe(0);
  });
});
