import { describe, expect, test } from "bun:test";
import { decodeAll } from "../../../../lib/gateway/admission/path_readings.ts";

describe("decodeAll decodes until nothing is left to decode", () => {
  test.each([
    ["/a", "/a"],
    ["/%41", "/A"],
    ["/%2541", "/A"],
    ["/%25252541", "/A"],
    ["/%%34%31", "/A"],
    ["/%25%34%31", "/A"],
    ["/%2%35%34%31", "/A"],
    ["/%", "/%"],
    ["/%25", "/%"],
    ["/%2525", "/%"],
    ["/%25zz", "/%zz"],
    ["/%2525zz", "/%zz"],
    ["/100%25", "/100%"],
    ["/%C3%A9", "/é"],
    ["/%25C3%25A9", "/é"],
    ["/%252e%252E", "/.."],
  ])("%s: %s", (path, decoded) => {
    expect(decodeAll(path)).toBe(decoded);
  });
});
