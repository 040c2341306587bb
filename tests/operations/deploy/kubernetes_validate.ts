import { existsSync } from "node:fs";
import { ROOT } from "../../support/root.ts";

const VERSION = "1.37.0";
const VENV = `${ROOT}/.cache/kubernetes-validate-${VERSION}`;

/** Installs a validator that brings Kubernetes' schemas along, from PyPI, once; resolves with its path. */
export async function installKubernetesValidate(): Promise<string> {
  const command = `${VENV}/bin/kubernetes-validate`;
  const marker = `${VENV}/complete`;
  if (existsSync(marker)) return command;
  if (!Bun.which("python3")) throw new Error("python3 is missing");
  await Bun.$`python3 -m venv --clear ${VENV}`.quiet();
  const pip = `${VENV}/bin/pip`;
  await Bun.$`${pip} install -q --disable-pip-version-check kubernetes-validate==${VERSION}`.quiet();
  await Bun.write(marker, "");
  return command;
}
