import { runSuite } from "./suite.ts";

/** What `workerd test` calls. */
export default { test: async () => console.log(JSON.stringify(await runSuite())) };
