import ipaddr from "ipaddr.js";
import { base64url } from "jose";
import leven from "leven";
import pino from "pino";
import { RE2JS } from "re2js";
import { parse } from "smol-toml";
import { createConfigSchema } from "../../lib/config/schema.ts";
import { SETTINGS } from "../../lib/config/settings_table.ts";
import "./bare_bun_server.ts";

// The proxy in Bun beside the packages that Signway loads at its start and its table of settings, which are all used once.

const used = [
  ipaddr.parse("127.0.0.1"),
  base64url.encode("text"),
  leven("a", "b"),
  pino({ level: "silent" }),
  RE2JS.compile("a+"),
  parse("a = 1"),
  createConfigSchema(SETTINGS).parse({}),
];
Object.assign(globalThis, { used });
