import packageJson from "../../../package.json" with { type: "json" };

/** Put in by `build/main.ts`. */
declare const SIGNWAY_COMMIT: string | undefined;

/** What `signway --version` prints: the version, the commit that was built, and Bun's version. */
export function versionText(): string {
  const origin = typeof SIGNWAY_COMMIT === "string" ? `commit ${SIGNWAY_COMMIT}` : "from source";
  return `signway ${packageJson.version} (${origin}, Bun ${process.versions.bun})\n`;
}
