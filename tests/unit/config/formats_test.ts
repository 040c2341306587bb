import { describe, expect, test } from "bun:test";
import { settingsOf } from "../cli/command_line.ts";
import { EXPECTED } from "./every_setting_expected.ts";
import { EVERY_SETTING } from "./every_setting.ts";
import { FORMATS } from "./formats.ts";
import { PEM } from "./pem_of_settings.ts";

const FILES = [...FORMATS, ["yml", FORMATS[1]![1]] as const];

/** As plain data, so that URLs are compared by what they say. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("one shape gives the same settings from", () => {
  test.each(FILES)("a .%s file", (extension, write) => {
    const path = `signway.${extension}`;
    const { files, ...settings } = settingsOf(["--config", path], {
      files: {
        [path]: write(EVERY_SETTING),
        "cert.pem": PEM.cert,
        "key.pem": PEM.key,
        "ca.pem": PEM.cert,
        "keys.json": '{"keys":[]}',
        "prices.json": '{"openai":{"own":{"input_mtok":1,"context_window":9}}}',
      },
    });
    expect(files).toEqual([path, "prices.json", ...["cert.pem", "key.pem", "ca.pem"], "keys.json"]);
    expect(plain(settings)).toEqual(plain(EXPECTED));
  });
});
