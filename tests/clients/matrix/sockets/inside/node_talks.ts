import { TALKS } from "./talks.ts";

const situations = JSON.parse(process.env["SITUATIONS"] ?? "{}");
const results = await Promise.all(
  Object.entries(situations).map(async ([name, situation]) => [
    name,
    await TALKS[name]!(situation as never).catch((error: unknown) => `failed: ${error}`),
  ]),
);
console.log(JSON.stringify(Object.fromEntries(results)));
process.exit();
