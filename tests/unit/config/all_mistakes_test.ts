import { describe, expect, test } from "bun:test";
import { complaints, runSignway } from "../../support/run_signway.ts";
import { FORMATS } from "./formats.ts";
import { CANARY, ENVIRONMENT, EXPECTED, FILES, MISTAKEN } from "./mistaken_config.ts";

const isAt = (line: string, place: string): boolean =>
  line.startsWith(place) && !/^[\w[]/.test(line.slice(place.length));

describe.each(FORMATS)(
  "signway check reports all mistakes of a .%s file at once:",
  (ext, write) => {
    const run = runSignway(["check", `mistaken.${ext}`], {
      env: ENVIRONMENT,
      files: { ...FILES, [`mistaken.${ext}`]: write(MISTAKEN) },
    });

    test.each(EXPECTED)("%s, %s", async (place, text) => {
      const lines = complaints(await run).filter((line) => isAt(line, place));
      expect(lines.join("\n") || "no line for this place").toContain(text || place);
    });

    test("and nothing else", async () => {
      const others = complaints(await run).filter(
        (line) => !EXPECTED.some(([place, text]) => isAt(line, place) && line.includes(text)),
      );
      expect(others).toEqual([]);
    });

    test("once each", async () => {
      const lines = complaints(await run);
      expect(lines).toEqual([...new Set(lines)]);
    });

    test("with exit code 2, nothing on stdout and no secret", async () => {
      const { code, stdout, stderr } = await run;
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).not.toContain(CANARY);
      expect(stderr).not.toMatch(/\bat .*\.ts:\d/);
    });
  },
);
