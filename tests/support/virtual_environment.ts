import { existsSync } from "node:fs";
import { acquireLock } from "./lock.ts";
import { ROOT } from "./root.ts";

/**
 * Installs packages from PyPI into a virtual environment of their own, once.
 *
 * @param name of the environment; another one for other versions
 * @param packages as `pip` takes them, with their versions
 * @returns the path of a Python that has them
 */
export async function installPythonPackages(
  name: string,
  packages: readonly string[],
): Promise<string> {
  using _ = await acquireLock(name);
  const folder = `${ROOT}/.cache/${name}`;
  const python = `${folder}/bin/python`;
  const marker = `${folder}/complete`;
  if (existsSync(marker)) return python;
  const pip = [await pythonWithPip(), "-m", "pip", "--python", python, "install"];
  await runPython(["python3", "-m", "venv", "--clear", "--without-pip", folder]);
  // Most modules of the packages are never imported, so none is compiled beforehand.
  const options = ["--quiet", "--disable-pip-version-check", "--no-compile"];
  await runPython([...pip, ...options, ...packages]);
  await Bun.write(marker, "");
  return python;
}

/** A Python with pip, which installs into all the other environments: to give each its own takes seconds. */
export async function pythonWithPip(): Promise<string> {
  using _ = await acquireLock("pip");
  const folder = `${ROOT}/.cache/pip`;
  const python = `${folder}/bin/python`;
  const marker = `${folder}/complete`;
  if (existsSync(marker)) return python;
  if (!Bun.which("python3")) throw new Error("python3 is missing");
  await runPython(["python3", "-m", "venv", "--clear", folder]);
  await Bun.write(marker, "");
  return python;
}

/** Runs a command and resolves with its output. Throws with the last line of its complaint. */
export async function runPython(
  command: string[],
  stdin: "ignore" | Blob = "ignore",
): Promise<string> {
  const child = Bun.spawn(command, { stdin, stdout: "pipe", stderr: "pipe" });
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await child.exited) === 0) return output;
  throw new Error(`${command.slice(0, 4).join(" ")}: ${complaint.trim().split("\n").at(-1)}`);
}

function text(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return new Response(stream).text();
}
