import packageJson from "../../../package.json" with { type: "json" };

/** Put in by `build/main.ts`. */
declare const SIGNWAY_COMMIT: string | undefined;

/**
 * Writes the output of `signway --version`.
 *
 * @returns one line with the version, the commit that was built, and the version of Bun
 */
export function versionText(): string {
  const origin = typeof SIGNWAY_COMMIT === "string" ? `commit ${SIGNWAY_COMMIT}` : "from source";
  return `signway ${packageJson.version} (${origin}, Bun ${process.versions.bun})\n`;
}
