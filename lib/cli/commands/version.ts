import packageJson from "../../../package.json" with { type: "json" };

/** Defined by `build/main.ts` in binaries, and not from source. */
declare const SIGNWAY_COMMIT: string | undefined;

/**
 * Writes the output of `signway --version`.
 *
 * @returns one line, with a newline: the version, the built commit or `from source`, the version of Bun
 */
export function versionText(): string {
  const origin = typeof SIGNWAY_COMMIT === "string" ? `commit ${SIGNWAY_COMMIT}` : "from source";
  return `signway ${packageJson.version} (${origin}, Bun ${process.versions.bun})\n`;
}
