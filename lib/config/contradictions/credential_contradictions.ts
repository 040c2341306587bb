import { awsScopeOf } from "../../gateway/model/aws_scope.ts";
import type { ConfigPath, DescribePath } from "../config_path.ts";
import { isTable, type Table, tablesIn } from "../tables.ts";

// Without a `url`, the signer could send the credential to any host.
const NEED_URL = ["query", "aws", "oauth"];

/**
 * Finds credentials of rules and routes that do not fit the rest of them.
 *
 * @param table the whole file, before validation
 * @param describePath returns the name of a value in a message
 * @returns one sentence per contradiction
 */
export function findCredentialContradictions(table: Table, describePath: DescribePath): string[] {
  const ofApps = tablesIn(table["app"]).flatMap(({ upstream }, app) =>
    tablesIn(upstream).flatMap((rule, i) => {
      const find = (path: ConfigPath) => describePath(["app", app, "upstream", i, ...path]);
      return [...findMissingUrl(rule, find), ...findContradictions(rule, rule["url"], find)];
    }),
  );
  const ofRoutes = tablesIn(table["route"]).flatMap((route, i) =>
    findContradictions(route, route["upstream"], (path) => describePath(["route", i, ...path])),
  );
  return [...ofApps, ...ofRoutes];
}

function findMissingUrl(rule: Table, place: DescribePath): string[] {
  if (rule["url"] !== undefined) return [];
  return NEED_URL.filter((key) => rule[key] !== undefined).map(
    (key) => `${place([key])} needs the url of its upstream`,
  );
}

function findContradictions(rule: Table, url: unknown, place: DescribePath): string[] {
  return [...findUnknownScope(rule, url, place), ...findTwoCredentials(rule, place)];
}

function findUnknownScope({ aws }: Table, url: unknown, place: DescribePath): string[] {
  if (!isTable(aws) || typeof url !== "string") return [];
  const scope = awsScopeOf(URL.parse(url)?.hostname ?? "");
  const unknown = (["region", "service"] as const).filter(
    (key) => aws[key] === undefined && scope[key] === undefined,
  );
  return unknown.map(
    (key) => `${place(["aws", key])} is missing: the host of the url does not tell it`,
  );
}

function findTwoCredentials({ aws, oauth, headers }: Table, place: DescribePath): string[] {
  if (!isTable(aws) && !isTable(oauth)) return [];
  if (isTable(aws) && isTable(oauth)) return [`${place(["oauth"])} is set together with aws`];
  const names = isTable(headers) ? Object.keys(headers) : [];
  const isTwice = names.some((name) => name.toLowerCase() === "authorization");
  const other = isTable(aws) ? "aws" : "oauth";
  return isTwice ? [`${place(["headers"])} has Authorization, which ${other} replaces`] : [];
}
