import { stringify as toml } from "smol-toml";
import { stringify as yaml } from "yaml";

/** Writes one shape in a format. */
export type Write = (shape: object) => string;

/** Each format by its extension. */
export const FORMATS: readonly (readonly [extension: string, write: Write])[] = [
  ["toml", (shape) => toml(shape)],
  ["yaml", (shape) => yaml(shape, { aliasDuplicateObjects: false })],
  ["json", (shape) => JSON.stringify(shape, null, 2)],
];
