import { describe, expect, test } from "bun:test";
import { APP, mistakesOfFile } from "./configured.ts";

const MISTAKE = "admin is the same address as listen: choose another port";

describe("an admin address on which the gateway listens is a mistake:", () => {
  test.each<[string | undefined, string]>([
    ["127.0.0.1:4000", "127.0.0.1:4000"],
    [undefined, "127.0.0.1:3000"],
    [":4000", "127.0.0.1:4000"],
    ["0.0.0.0:4000", "127.0.0.1:4000"],
    ["127.0.0.1:4000", "0.0.0.0:4000"],
    ["[::]:4000", "127.0.0.1:4000"],
    ["[::]:4000", "0.0.0.0:4000"],
    ["[::1]:4000", ":4000"],
    ["0.0.0.0:4000", "localhost:4000"],
    ["127.0.0.1:4000", "localhost:4000"],
    ["localhost:4000", "[::1]:4000"],
    ["[FD00::1]:4000", "[fd00::1]:4000"],
  ])("listen %s, admin %s", (listen, admin) => {
    expect(mistakesOfFile({ ...(listen && { listen }), admin, app: [APP] })).toEqual([MISTAKE]);
  });

  test.each<[string | undefined, string]>([
    ["127.0.0.1:4000", "127.0.0.1:4001"],
    [undefined, ":13090"],
    [":0", ":0"],
    ["127.0.0.1:4000", "127.0.0.2:4000"],
    ["0.0.0.0:4000", "[::1]:4000"],
  ])("but not listen %s, admin %s", (listen, admin) => {
    expect(mistakesOfFile({ ...(listen && { listen }), admin, app: [APP] })).toEqual([]);
  });

  test("and a flag is named", () => {
    const args = ["--admin", "127.0.0.1:4000", "--port", "4000"];
    expect(mistakesOfFile({ app: [APP] }, { args })).toEqual([`--${MISTAKE}`]);
  });
});
