import { describe, expect, test } from "bun:test";
import { builtDist } from "../../support/dist.ts";
import { startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { signedTarget } from "../../support/signed.ts";
import { assertContainers, contain } from "./contained.ts";

const able = await requirement("a container without a container runtime", () => assertContainers());
// The runtime would add the authorities of this machine to its own.
const NO_OTHER_ROOTS = { SSL_CERT_DIR: "/nonexistent", SSL_CERT_FILE: "/nonexistent" };
const MACHINE_ROOTS = "/etc/ssl/certs/ca-certificates.crt";
const PUBLIC = "https://registry.npmjs.org/leven/4.1.0";

describe.skipIf("reason" in able)("public certificate authorities in the container", () => {
  test("are the ones inside the binary", async () => {
    const script = `const { rootCertificates } = require("node:tls");
      const { X509Certificate } = require("node:crypto");
      const names = rootCertificates.map((pem) => new X509Certificate(pem).subject);
      console.log(JSON.stringify(names));`;
    await using container = await contain(`${await builtDist()}/rootfs-amd64`);
    const [command = "", ...args] = [...container.command, "-e", script];
    const run = Bun.spawn([command, ...args], {
      env: { PATH: process.env["PATH"]!, BUN_BE_BUN: "1" },
    });
    const names = (await new Response(run.stdout).json()) as string[];
    expect(await run.exited).toBe(0);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => name.includes("CN=ISRG Root X1"))).toHaveLength(1);
  });

  // Some networks show certificates of their own, or none.
  test.each([
    ["decide there as they do outside", ""],
    ["can be added to: a public https upstream is reached by its name", MACHINE_ROOTS],
  ])("%s", async (_, file) => {
    const authorities = file && (await Bun.file(file).text());
    const expected = await askFromOutside(file);
    const response = await askFromContainer(authorities);
    expect(response.status).toBe(expected);
    if (expected === 200) expect(await response.json()).toMatchObject({ name: "leven" });
    else expect(await response.json()).toMatchObject({ code: "upstream_unreachable" });
  });
});

/** The status that the runtime gets for {@link PUBLIC}, trusting a file's authorities too. */
async function askFromOutside(file: string): Promise<number> {
  const tls = file ? `{ ca: await Bun.file("${file}").text() }` : "{}";
  const script = `console.log(await fetch("${PUBLIC}", { tls: ${tls} }).then((r) => r.status, () => 502))`;
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: NO_OTHER_ROOTS,
    stderr: "inherit",
  });
  return Number(await new Response(child.stdout).text());
}

/** The answer to a signed request for {@link PUBLIC}, trusting other authorities too. */
async function askFromContainer(authorities?: string): Promise<Response> {
  const file = "/etc/authorities.pem";
  const root = `${await builtDist()}/rootfs-amd64`;
  await using container = await contain(
    root,
    authorities ? { files: { [file]: authorities } } : {},
  );
  const args = ["--upstream", PUBLIC, ...(authorities ? ["--upstream-ca", file] : [])];
  await using gateway = await startGateway({ command: container.command, args });
  const response = await fetch(
    `http://127.0.0.1:${gateway.port}${signedTarget(gateway.url, PUBLIC)}`,
  );
  return new Response(await response.bytes(), response);
}
