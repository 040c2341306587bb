import { installGoProgram } from "../../support/go_program.ts";

/** Installs the linter of workflows through Go's module proxy, once; resolves with its path. */
export function installActionlint(): Promise<string> {
  return installGoProgram("github.com/rhysd/actionlint/cmd/actionlint", "v1.7.7");
}
