import { describe, expect, test } from "bun:test";
import { APP, mistakesOfFile, settingsOfFile } from "../config/configured.ts";
import { settingsOf } from "./command_line.ts";

const ID = ["web", "a secret of more than 16 bytes"];

describe("--port and --host win over listen, listen over PORT, PORT over 3000:", () => {
  test.each<[listen: string | undefined, port: string | undefined, args: string[], string, number]>(
    [
      [undefined, undefined, [], "", 3000],
      [undefined, "4000", [], "", 4000],
      [undefined, "4000", ["--port", "5000"], "", 5000],
      [undefined, "4000", ["--host", "::1"], "::1", 4000],
      [undefined, undefined, ["--host", "127.0.0.1"], "127.0.0.1", 3000],
      [undefined, undefined, ["--host", "[::1]"], "::1", 3000],
      [undefined, undefined, ["--host", "[::]", "--port", "5000"], "::", 5000],
      ["127.0.0.1:6000", undefined, ["--host", "[fd00::1]"], "fd00::1", 6000],
      [":6000", undefined, [], "", 6000],
      [":6000", "4000", [], "", 6000],
      [":6000", "4000", ["--port", "5000"], "", 5000],
      [":6000", "4000", ["--host", "127.0.0.1"], "127.0.0.1", 6000],
      ["127.0.0.1:6000", "4000", [], "127.0.0.1", 6000],
      ["127.0.0.1:6000", undefined, ["--port", "0"], "127.0.0.1", 0],
      ["127.0.0.1:6000", undefined, ["--host", "::1", "--port", "0"], "::1", 0],
      ["[::1]:6000", undefined, [], "::1", 6000],
      ["[::1]:6000", undefined, ["--port", "5000"], "::1", 5000],
      ["[::]:6000", undefined, ["--host", "0.0.0.0"], "0.0.0.0", 6000],
      ["localhost:6000", undefined, [], "localhost", 6000],
      [":0", "4000", [], "", 0],
      [":65535", undefined, [], "", 65_535],
    ],
  )("listen %p, PORT %p, %j", (listen, port, args, host, expected) => {
    const env = port === undefined ? {} : { PORT: port };
    const shape = { ...(listen !== undefined && { listen }), app: [APP] };
    const settings = settingsOfFile(shape, { env, args });
    expect([settings.host, settings.port]).toEqual([host, expected]);
    if (listen !== undefined) return;
    const short = settingsOf([...ID, ...args], { env });
    expect([short.host, short.port]).toEqual([host, expected]);
  });
});

describe("what is no address is reported once, by the name of what said it:", () => {
  const named = (shape: object, args: string[], env: Record<string, string>) =>
    mistakesOfFile({ ...shape, app: [APP] }, { args, env }).map((text) => text.split(" must ")[0]);

  test.each<[string, object, string[], Record<string, string>, RegExp]>([
    ["a port in place of an address", { listen: "3000" }, [], {}, /^listen$/],
    ["a number", { listen: 3000 }, [], {}, /^listen$/],
    ["no port", { listen: "127.0.0.1" }, [], {}, /^listen$/],
    ["a port that is too high", { listen: ":65536" }, [], {}, /^listen$/],
    ["a URL", { listen: "http://127.0.0.1:3000" }, [], {}, /^listen$/],
    ["an IPv6 address without brackets", { listen: "::1:3000" }, [], {}, /^listen$/],
    ["PORT", {}, [], { PORT: "http" }, /^PORT$/],
    ["PORT beside --host", {}, ["--host", "127.0.0.1"], { PORT: "abc" }, /^PORT$/],
    ["--port", {}, ["--port", "http"], {}, /^--port\b/],
    ["--port over a good listen", { listen: ":1" }, ["--port", "65536"], {}, /^--port\b/],
    ["--host", {}, ["--host", "a b"], {}, /--host\b/],
    ["--host with a port", {}, ["--host", "127.0.0.1:1"], {}, /^--host\b/],
    ["--host in brackets with a port", {}, ["--host", "[::1]:1"], {}, /^--host\b/],
    ["--host without an end of its brackets", {}, ["--host", "[::1"], {}, /--host\b/],
    ["--host of empty brackets", {}, ["--host", "[]"], {}, /--host\b/],
  ])("%s", (_, shape, args, env, name) => {
    expect(named(shape, args, env)).toEqual([expect.stringMatching(name)]);
  });
});
