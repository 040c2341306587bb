// Writes tests/vectors/token.json: bun tests/unit/signing/token/write_vectors.ts
import { ROOT } from "../../../support/root.ts";
import { tokenVectors } from "./vectors.ts";

await Bun.write(`${ROOT}/tests/vectors/token.json`, `${JSON.stringify(tokenVectors(), null, 2)}\n`);
