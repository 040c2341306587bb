import { expect, test } from "bun:test";
import { ROOT } from "../../../support/root.ts";

const PROGRAM = `
import { hasInheritedDescriptors } from "${ROOT}/lib/runtime/process/descriptors.ts";
process.stdout.write(String(hasInheritedDescriptors()));`;

/** Redirections of a shell, and what is inherited through them. */
const INHERITED: [string, string, boolean][] = [
  ["nothing", "", false],
  ["what cannot be read", "3</dev/null", false],
  ["a file", "3</etc/hostname", true],
  ["a pipe", "3< <(echo secret)", true],
  ["a file under a high number", "99</etc/hostname", true],
];

test.each(INHERITED)("hasInheritedDescriptors with %s", async (_, redirection, isInherited) => {
  const script = `exec "$0" --eval "$1" ${redirection}`;
  const child = Bun.spawn(["bash", "-c", script, process.execPath, PROGRAM], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(await new Response(child.stdout).text()).toBe(String(isInherited));
});
