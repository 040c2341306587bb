import type { DescribePath } from "./config_path.ts";
import { keySetFile } from "./key_set_location.ts";
import type { ReadText } from "./read_text.ts";
import type { Config } from "./schema.ts";
import type { ConfiguredApp } from "./settings.ts";
import { isTable, tablesIn } from "./tables.ts";
import { unreadableSetting } from "./unreadable_file.ts";

/** Options of {@link findKeySetMistakes}. */
export interface KeySetFileOptions {
  /** Reads a text file; `undefined` when it cannot be read. */
  read: ReadText;
  /** Names a value in a mistake. */
  describePath: DescribePath;
}

/**
 * Finds files with key sets that cannot be used. A key set at a URL is not fetched.
 *
 * @param input the configuration as it was parsed
 * @param options how files are read, and values named
 * @returns one sentence for each mistake
 */
export function findKeySetMistakes(
  input: unknown,
  { read, describePath }: KeySetFileOptions,
): string[] {
  const apps = tablesIn(isTable(input) ? input["app"] : undefined);
  return apps.flatMap(({ tokens }, i) => {
    const jwks = isTable(tokens) ? tokens["jwks"] : undefined;
    const path = typeof jwks === "string" ? keySetFile(jwks) : undefined;
    if (path === undefined) return [];
    const text = read(path);
    if (text !== undefined && isKeySet(text)) return [];
    const mistake = text === undefined ? unreadableSetting(path) : `${path} is not a JWK Set`;
    return [`${describePath(["app", i, "tokens", "jwks"])}: ${mistake}`];
  });
}

/**
 * Lists the files with key sets.
 *
 * @param config a checked configuration
 * @returns their paths
 */
export function keySetFiles({ app }: Config): string[] {
  return app.flatMap(({ tokens }) => (tokens?.jwks && keySetFile(tokens.jwks)) ?? []);
}

/**
 * Adds the texts of key sets that are files, so that what was checked is also what is used.
 *
 * @param apps of a checked configuration
 * @param read reads a file
 * @returns the apps; one without such a key set stays as it is
 */
export function withKeySetTexts(apps: readonly ConfiguredApp[], read: ReadText): ConfiguredApp[] {
  return apps.map((app) => {
    const path = app.tokens?.jwks === undefined ? undefined : keySetFile(app.tokens.jwks);
    const jwksText = path === undefined ? undefined : read(path);
    return jwksText === undefined ? app : { ...app, tokens: { ...app.tokens, jwksText } };
  });
}

/** RFC 7517, section 5. */
function isKeySet(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isTable(value) && Array.isArray(value["keys"]);
  } catch {
    return false;
  }
}
