import { converseAll } from "./conversation.ts";

// In Node the conversations are the argument; a page calls the function.
if (typeof process === "object" && process.argv[2] !== undefined) {
  console.log(JSON.stringify(await converseAll(JSON.parse(process.argv[2]))));
} else Object.assign(globalThis, { converseAll });
