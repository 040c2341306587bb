import { createRequire } from "node:module";

/** The launcher of Deno, which Bun runs; it finds the binary without an install script. */
export const DENO = `${import.meta.dirname}/node_modules/deno/bin.cjs`;

/** The binary of workerd for this machine. The package has no types, and needs no install script. */
export const WORKERD: string = createRequire(import.meta.url)("workerd").default;
