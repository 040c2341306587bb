import type { z } from "zod";
import { type SettingRow, type SettingRows, withDefault } from "./setting_row.ts";

/** The schema of a row: its type, made optional or given a default unless the row is required. */
type FieldOf<Row extends SettingRow> = Row extends { required: true }
  ? Row["type"]
  : Row extends { default: unknown }
    ? z.ZodDefault<Row["type"]>
    : z.ZodOptional<Row["type"]>;

/** The schemas of several rows, by their keys. */
export type FieldsOf<Rows extends SettingRows> = {
  -readonly [Key in keyof Rows]: FieldOf<Rows[Key]>;
};

/**
 * Derives the fields of a zod object from rows.
 *
 * @param rows the rows of one table of the file
 * @returns the argument of `z.strictObject`, in the order of the rows
 */
export function fieldsOf<Rows extends SettingRows>(rows: Rows): FieldsOf<Rows> {
  const fields = Object.entries(rows).map(([key, row]) => [key, fieldOf(row)]);
  return Object.fromEntries(fields) as FieldsOf<Rows>;
}

function fieldOf(row: SettingRow): z.ZodType {
  const field = optionalType(row);
  return row.description === undefined ? field : field.describe(withDefault(row.description, row));
}

function optionalType({ type, required, default: value }: SettingRow): z.ZodType {
  if (required) return type;
  return value === undefined ? type.optional() : type.default(value);
}
