import { dirname } from "node:path";

/** The folder of the checkout, without a slash at its end. */
export const ROOT = dirname(dirname(import.meta.dirname));
