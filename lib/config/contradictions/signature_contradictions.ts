import type { DescribePath } from "../config_path.ts";
import { DEFAULT_FIELDS } from "../rows/route_rows.ts";
import { isTable, type Table, tablesIn } from "../tables.ts";

/**
 * Finds signatures of routes with half of a window of time, or with a time of signing that is not signed.
 *
 * @param input the whole configuration, not checked
 * @param describePath names a value in a mistake
 * @returns one sentence for each mistake
 */
export function findSignatureContradictions(input: Table, describePath: DescribePath): string[] {
  return tablesIn(input["route"]).flatMap(({ signature }, i) => {
    const place = (key: string) => describePath(["route", i, "signature", key]);
    return isTable(signature) ? findHalfWindows(signature, place) : [];
  });
}

function findHalfWindows(
  { timestamp_field: field, max_age: maxAge, fields = DEFAULT_FIELDS }: Table,
  place: (key: string) => string,
): string[] {
  if (field === undefined) {
    if (typeof maxAge !== "number") return [];
    return [`${place("timestamp_field")} must be set together with max_age`];
  }
  if (typeof field !== "string") return [];
  const isSigned = !Array.isArray(fields) || fields.includes(field);
  return [
    ...(maxAge === undefined
      ? [`${place("max_age")} must be set together with timestamp_field`]
      : []),
    ...(isSigned
      ? []
      : [
          `${place("timestamp_field")} must be one of fields: otherwise the time of signing would not be signed`,
        ]),
  ];
}
