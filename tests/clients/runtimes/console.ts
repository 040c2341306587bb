// Bun, Deno and Node, the latter from a bundle.
import { runSuite } from "./suite.ts";

console.log(JSON.stringify(await runSuite()));
