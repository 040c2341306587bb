// Calls the handler as Lambda does: node invoke.js EVENT.json
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { handler } from "./handler.js";

const event = JSON.parse(readFileSync(argv[2] ?? "event.json", "utf8"));
console.log(JSON.stringify(await handler(event)));
