import { arrow, type Broken, examplesOf, right, type Sound, wrong } from "./planted.ts";

const ROOMS = "every file is in a room";
const ARROWS = "imports follow the arrows between rooms";
const ENTRANCES = "delivery is imported by the handler, and the handler by createGateway";
const PACKAGES = "signing and pages import no package, and the gateway few";
const CYCLES = "no import leads back to itself, types included";
const GLOBALS = "signing, gateway and pages name no global of a runtime";
const BUN = "Bun is named nowhere in lib but in lib/runtime";

/** What the rules for imports and names of runtimes find. */
export const BROKEN_IMPORTS: readonly Broken[] = [
  ...examplesOf(ROOMS, [
    wrong("a folder of no room", "lib/gateway/misc/a.ts", [], "0 is in no room"),
    wrong("a file beside the entries", "lib/signing/a.ts", [], "0 is in no room"),
    wrong("a new folder at the top", "lib/other/a.ts", [], "0 is in no room"),
  ]),

  ...examplesOf(ARROWS, [
    arrow("lib/signing/sw1/a.ts", "lib/gateway/model/app.ts", "../../gateway/model/app.ts"),
    arrow("lib/signing/sw1/a.ts", "lib/signing/explain/b.ts", "../explain/b.ts"),
    arrow("lib/signing/primitives/a.ts", "lib/signing/sw1/b.ts", "../sw1/b.ts"),
    arrow("lib/signing/token/a.ts", "lib/signing/sw1/b.ts", "../sw1/b.ts"),
    arrow("lib/gateway/admission/a.ts", "lib/gateway/ledger/b.ts", "../ledger/b.ts"),
    arrow("lib/gateway/policy/a.ts", "lib/gateway/delivery/b.ts", "../delivery/b.ts"),
    arrow("lib/gateway/ledger/a.ts", "lib/gateway/record/b.ts", "../record/b.ts"),
    arrow("lib/gateway/record/a.ts", "lib/gateway/model/app.ts", "../model/app.ts"),
    arrow("lib/gateway/model/a.ts", "lib/gateway/problem/b.ts", "../problem/b.ts"),
    arrow("lib/gateway/providers/a.ts", "lib/gateway/model/app.ts", "../model/app.ts"),
    arrow("lib/gateway/usage/a.ts", "lib/gateway/policy/b.ts", "../policy/b.ts"),
    arrow("lib/gateway/ledger/a.ts", "lib/gateway/usage/b.ts", "../usage/b.ts"),
    arrow("lib/gateway/time/a.ts", "lib/gateway/problem/b.ts", "../problem/b.ts"),
    arrow("lib/gateway/delivery/a.ts", "lib/gateway/handler.ts", "../handler.ts"),
    arrow("lib/gateway/body/a.ts", "lib/config/settings.ts", "../../config/settings.ts"),
    arrow("lib/config/a.ts", "lib/runtime/listen.ts", "../runtime/listen.ts"),
    arrow("lib/runtime/admin/a.ts", "lib/runtime/process/b.ts", "../process/b.ts"),
    arrow("lib/runtime/listen.ts", "lib/cli/main.ts", "../cli/main.ts"),
    arrow("lib/cli/arguments/a.ts", "lib/cli/commands/b.ts", "../commands/b.ts"),
    arrow("lib/web/explain/a.ts", "lib/signing/sw1/b.ts", "../../signing/sw1/b.ts"),
    arrow("server.ts", "lib/runtime/listen.ts", "./lib/runtime/listen.ts"),
    arrow("examples/demo/page/a.ts", "lib/mod.ts", "../../../lib/mod.ts"),
    wrong(
      "a type, a re-export and a dynamic import",
      "lib/gateway/time/a.ts",
      [
        'import type { A } from "../body/a.ts";',
        'export * from "../body/b.ts";',
        'const c = await import("../body/c.ts");',
        'type D = import("../body/d.ts").D;',
      ],
      "1 imports lib/gateway/body/a.ts",
      "2 imports lib/gateway/body/b.ts",
      "3 imports lib/gateway/body/c.ts",
      "4 imports lib/gateway/body/d.ts",
    ),
  ]),

  ...examplesOf(ENTRANCES, [
    wrong(
      "a type of delivery in admission",
      "lib/gateway/admission/a.ts",
      ['import type { B } from "../delivery/b.ts";'],
      "1 imports types of lib/gateway/delivery/b.ts",
    ),
    wrong(
      "delivery in the runtime",
      "lib/runtime/upstream/a.ts",
      ['import { b } from "../../gateway/delivery/b.ts";'],
      "1 imports lib/gateway/delivery/b.ts",
    ),
    wrong(
      "the handler itself in the entry of the library",
      "lib/mod.ts",
      ['export { createHandler } from "./gateway/handler.ts";'],
      "1 imports lib/gateway/handler.ts",
    ),
  ]),

  ...examplesOf(PACKAGES, [
    wrong("a package in signing", "lib/signing/sw1/a.ts", ['import "zod";'], "1 imports zod"),
    wrong("a module of Node", "lib/gateway/body/a.ts", ['import "node:fs";'], "1 imports node:fs"),
    wrong(
      "jose outside of the key set",
      "lib/gateway/admission/a.ts",
      ['import { jwtVerify } from "jose";'],
      "1 imports jose",
    ),
  ]),

  ...examplesOf(CYCLES, [
    {
      what: "three files",
      files: {
        "lib/config/a.ts": 'import "./b.ts";',
        "lib/config/b.ts": 'import type { C } from "./c.ts";',
        "lib/config/c.ts": 'export * from "./a.ts";',
      },
      found: [
        "lib/config/a.ts:0 leads back to itself: lib/config/a.ts -> lib/config/b.ts -> lib/config/c.ts -> lib/config/a.ts",
      ],
    },
  ]),

  ...examplesOf(GLOBALS, [
    wrong("a global", "lib/signing/sw1/a.ts", ["run(process.env);"], "1 names process"),
    wrong("a type", "lib/gateway/body/a.ts", ["let a: Buffer;"], "1 names Buffer"),
    wrong("globalThis", "lib/signing/mod.ts", ["globalThis.a();"], "1 names globalThis"),
  ]),

  ...examplesOf(BUN, [
    wrong("its global", "lib/cli/main.ts", ["Bun.serve({});"], "1 names Bun"),
    wrong("a type of it", "lib/config/a.ts", ["let a: BunFile;"], "1 names BunFile"),
    wrong("its module", "lib/config/a.ts", ['import "bun:sqlite";'], "1 names bun:sqlite"),
  ]),
];

/** What they leave alone. */
export const SOUND_IMPORTS: readonly Sound[] = [
  ...examplesOf(ROOMS, [right("a room in a room", "lib/gateway/delivery/credentials/aws.ts")]),

  ...examplesOf(ARROWS, [
    right(
      "what each step stands on",
      "lib/gateway/ledger/memory.ts",
      'import "../problem/problem.ts";',
      'import "../model/app.ts";',
      'import "./port.ts";',
      'import "../../signing/verify.ts";',
    ),
    right("policy, usage", "lib/gateway/policy/a.ts", 'import "../usage/prices.ts";'),
    right("delivery, the record", "lib/gateway/delivery/a.ts", 'import "../record/exchange.ts";'),
    right("process, admin", "lib/runtime/process/a.ts", 'import "../admin/admin.ts";'),
  ]),

  ...examplesOf(ENTRANCES, [
    right("the handler, delivery", "lib/gateway/handler.ts", 'import "./delivery/forward.ts";'),
    right(
      "createGateway, the handler",
      "lib/runtime/create_gateway.ts",
      'import { createHandler } from "../gateway/handler.ts";',
    ),
    right(
      "the library's entry, the handler's type",
      "lib/mod.ts",
      'export type { Handler } from "./gateway/handler.ts";',
    ),
  ]),

  ...examplesOf(PACKAGES, [
    right("addresses", "lib/gateway/admission/a.ts", 'import ipaddr from "ipaddr.js";'),
    right("key sets", "lib/gateway/admission/key_set.ts", 'import { jwtVerify } from "jose";'),
    right("other folders", "lib/runtime/a.ts", 'import "node:fs";', 'import "pino";'),
  ]),

  ...examplesOf(GLOBALS, [
    right(
      "keys, members and variables of their own",
      "lib/gateway/body/a.ts",
      "function a({ process: child }, Buffer) {",
      "  return child.process + Buffer.Deno + { require: 1 };",
      "}",
      "// process and Buffer",
    ),
  ]),

  ...examplesOf(BUN, [right("the runtime", "lib/runtime/listen.ts", "Bun.serve({});")]),
];
