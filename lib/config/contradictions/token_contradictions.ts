import { foldName } from "../../gateway/model/header_name.ts";
import type { ConfigPath, DescribePath } from "../config_path.ts";
import { isTable, type Table, tablesIn } from "../tables.ts";

/** The `[app.tokens]` of an app that has one, with the place in the file. */
interface AppTokens {
  tokens: Table;
  path: ConfigPath;
  /** The audience of its key set. */
  audience: unknown;
}

/**
 * Finds settings of tokens that contradict one another.
 *
 * @param input the whole configuration, not checked
 * @param describePath names a value in a mistake
 * @returns one sentence for each contradiction
 */
export function findTokenContradictions(input: Table, describePath: DescribePath): string[] {
  const apps = tablesIn(input["app"]);
  const all = apps.flatMap(({ tokens }, i): AppTokens[] =>
    isTable(tokens)
      ? [{ tokens, path: ["app", i, "tokens"], audience: tokens["audience"] ?? input["audience"] }]
      : [],
  );
  return [
    ...all.flatMap((one) => findIncompleteKeySet(one, describePath)),
    ...all.flatMap((one) => findIssuerOfApp(one, apps, describePath)),
    ...all.flatMap((one, i) => findSharedAudience(one, all.slice(0, i), describePath)),
    ...apps.flatMap(({ upstream }, i) =>
      findInjectedSubjects(tablesIn(upstream), ["app", i, "upstream"], describePath),
    ),
  ];
}

function findIncompleteKeySet(
  { tokens, path, audience }: AppTokens,
  describePath: DescribePath,
): string[] {
  const { issuer, jwks, algorithms } = tokens;
  const needed = (key: string, other: string) =>
    `${describePath([...path, key])} is needed beside ${other}`;
  if (jwks === undefined) {
    if (typeof issuer === "string") return [needed("jwks", "issuer")];
    return Array.isArray(algorithms) ? [needed("jwks", "algorithms")] : [];
  }
  if (typeof jwks !== "string") return [];
  return [
    ...(issuer === undefined ? [needed("issuer", "jwks")] : []),
    ...(algorithms === undefined ? [needed("algorithms", "jwks")] : []),
    ...(audience === undefined
      ? [`${needed("audience", "jwks")}, here or at the top of the file`]
      : []),
  ];
}

/** A token with such an issuer could be one of the app and one of the key set. */
function findIssuerOfApp(
  { tokens: { issuer }, path }: AppTokens,
  apps: readonly Table[],
  describePath: DescribePath,
): string[] {
  const index = issuer === undefined ? -1 : apps.findIndex(({ id }) => id === issuer);
  if (index < 0) return [];
  return [`${describePath([...path, "issuer"])} is the id of ${describePath(["app", index])}`];
}

function findSharedAudience(
  { tokens: { issuer }, path, audience }: AppTokens,
  before: readonly AppTokens[],
  describePath: DescribePath,
): string[] {
  if (issuer === undefined || audience === undefined) return [];
  const first = before.find(
    (other) => other.tokens["issuer"] === issuer && other.audience === audience,
  );
  if (!first) return [];
  const names = [path, first.path].map(describePath);
  return [`${names[0]} has the issuer and the audience of ${names[1]}: one of them must differ`];
}

function findInjectedSubjects(
  rules: readonly Table[],
  list: ConfigPath,
  describePath: DescribePath,
): string[] {
  return rules.flatMap(({ subject_header: name, headers }, i) => {
    if (typeof name !== "string" || !isTable(headers)) return [];
    const isInjected = Object.keys(headers).some((other) => foldName(other) === foldName(name));
    if (!isInjected) return [];
    return [`${describePath([...list, i, "subject_header"])} is among the headers of the rule`];
  });
}
