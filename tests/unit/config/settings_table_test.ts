import { describe, expect, test } from "bun:test";
import { DOCUMENTED_ROWS, settingsReference } from "../../../build/reference/settings_tables.ts";
import { serveFlagsOf, SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { type Arguments, parseArguments } from "../../../lib/cli/arguments/parse_arguments.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { loadSettings } from "../../../lib/cli/support/load_settings.ts";
import { camelCase } from "../../../lib/config/camel_case.ts";
import { ConfigError } from "../../../lib/config/config_error.ts";
import { describeChanges } from "../../../lib/config/describe_changes.ts";
import { jsonSchema, type SchemaNode } from "../../../lib/config/json_schema.ts";
import { CORS_ROWS } from "../../../lib/config/rows/cors_rows.ts";
import { FLAG_GROUPS } from "../../../lib/config/rows/setting_flag.ts";
import type { SettingRows } from "../../../lib/config/rows/setting_row.ts";
import { boolean, seconds, text } from "../../../lib/config/rows/value_types.ts";
import { SETTINGS } from "../../../lib/config/settings_table.ts";
import { APP, settingsOfFile } from "./configured.ts";

/** The table with one more row for each way in which a flag can set a key. */
const ROWS: SettingRows = {
  ...SETTINGS,
  queue_timeout: {
    type: seconds(600),
    default: 7,
    description: "Seconds that an exchange may wait for its turn.",
    details: "Only with `max_connections`.",
    flags: {
      "queue-timeout": {
        group: "Limits",
        value: "SECONDS",
        help: "Seconds that an exchange may wait for its turn. Default: {default}.",
      },
    },
    needsRestart: true,
  },
  region: {
    type: text("the name of a region"),
    flags: { region: { group: "Logging", value: "PATH", help: "Where this gateway stands." } },
  },
  color: {
    type: boolean,
    default: true,
    flags: { "no-color": { group: "Logging", help: "Write lines without color." } },
  },
};

const FLAGS = serveFlagsOf(ROWS);

/** The settings of a command line beside a file, read with the longer table. */
function settingsWith(args: string[], file: object = {}): Record<string, unknown> {
  const json = JSON.stringify({ app: [APP], ...file });
  const parsed = parseArguments(["--config", "a.json", ...args], FLAGS) as Arguments;
  return { ...loadSettings(parsed, {}, (path) => (path === "a.json" ? json : undefined), ROWS) };
}

function mistakesWith(args: string[], file: object = {}): readonly string[] {
  try {
    settingsWith(args, file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

describe("a row that is added to the table appears", () => {
  test("as a flag, in its group", () => {
    expect(FLAGS["queue-timeout"]).toEqual({
      group: "Limits",
      value: "SECONDS",
      help: "Seconds that an exchange may wait for its turn. Default: 7.",
    });
    const limits = Object.keys(FLAGS).filter((name) => FLAGS[name]?.group === "Limits");
    expect(limits.at(-1)).toBe("queue-timeout");
    expect(Object.keys(SERVE_FLAGS)).not.toContain("queue-timeout");
  });

  test("in the help", () => {
    expect(helpText("serve", FLAGS)).toContain(
      "  --queue-timeout SECONDS\n      Seconds that an exchange may wait for its turn. Default: 7.\n",
    );
  });

  test("as a key of the file, with its default and its errors", () => {
    expect(settingsWith([])).toMatchObject({ queueTimeout: 7, color: true });
    expect(settingsWith([])).not.toHaveProperty("region");
    expect(settingsWith([], { queue_timeout: 9, region: "eu" })).toMatchObject({
      queueTimeout: 9,
      region: "eu",
    });
    expect(mistakesWith([], { queue_timeout: 601 })).toEqual(["queue_timeout must be at most 600"]);
    expect(mistakesWith([], { queue_timeot: 1 })).toEqual([
      "queue_timeot is unknown: did you mean queue_timeout?",
    ]);
  });

  test("as a flag that wins over the file, and is named when it is wrong", () => {
    const flags = ["--queue-timeout", "3", "--region", "7", "--no-color"];
    expect(settingsWith(flags, { queue_timeout: 9, region: "eu", color: true })).toMatchObject({
      queueTimeout: 3,
      region: "7",
      color: false,
    });
    expect(mistakesWith(["--queue-timeout", "x"])).toEqual([
      "--queue-timeout must be a whole number of seconds from 0 to 600",
    ]);
  });

  test("in the JSON Schema", () => {
    const { properties } = jsonSchema(ROWS) as SchemaNode;
    expect(properties?.["queue_timeout"]).toEqual({
      default: 7,
      description: "Seconds that an exchange may wait for its turn.",
      type: "integer",
      minimum: 0,
      maximum: 600,
    } as SchemaNode);
  });

  test("in the documentation", () => {
    const [line = ""] = settingsReference(ROWS).match(/^\| `queue_timeout`.*$/m) ?? [];
    expect(line.split("|").map((cell) => cell.trim())).toEqual([
      "",
      "`queue_timeout`",
      "integer",
      "`7`",
      "`--queue-timeout`",
      "Seconds that an exchange may wait for its turn. Only with `max_connections`.",
      "",
    ]);
  });

  test("in the documentation, where a route has no url and none is asked for", () => {
    const { upstream, route } = DOCUMENTED_ROWS;
    expect(settingsReference(upstream!).match(/Needs? `url`\./g)).toHaveLength(3);
    expect(route).not.toHaveProperty("url");
    expect(settingsReference(route!)).not.toContain("`url`");
  });

  test("among the changes that need a restart", () => {
    const [before, after] = [settingsWith([]), settingsWith(["--queue-timeout=8", "--no-color"])];
    expect(describeChanges(before as never, after as never, ROWS)).toEqual({
      changed: ["color"],
      needRestart: ["queue_timeout"],
    });
  });
});

describe("the settings table", () => {
  test("has a place in Settings for each row", () => {
    const names = Object.entries<SettingRows[string]>(SETTINGS).flatMap(
      ([key, row]) => row.becomes ?? [camelCase(key)],
    );
    const optional = [
      "audience",
      "maxConnections",
      "admin",
      "adminToken",
      "tls",
      "upstreamCa",
      "prices",
      "otlp",
      "telemetry",
    ];
    expect(new Set([...names, "files"])).toEqual(
      new Set([...Object.keys(settingsOfFile({ app: [APP] })), ...optional]),
    );
  });

  const withDefault = Object.entries(DOCUMENTED_ROWS).flatMap(([table, rows]) =>
    Object.entries(rows)
      // The default of a type that transforms its input has the form of the output.
      .filter(([key, row]) => row.default !== undefined && key !== "headers")
      .map(([key, row]) => [`${table}: ${key}`, row] as const),
  );
  test.each(withDefault)("%s has a default that its type allows", (_, row) => {
    expect(row.type.safeParse(row.default)).toEqual({ success: true, data: row.default });
  });

  const flags = [SETTINGS, CORS_ROWS].flatMap((rows: SettingRows) =>
    Object.values(rows).flatMap((row) =>
      Object.entries(row.flags ?? {}).map(([name, flag]) => [name, flag, row] as const),
    ),
  );
  test.each(flags)("--%s shows its default where it has one", (_, flag, row) => {
    expect(FLAG_GROUPS).toContain(flag.group);
    // The text of a port, or of a switch, says it in other words.
    if (flag.value === undefined || flag.value === "PORT" || flag.value === "ADDRESS") return;
    expect(flag.help.includes("{default}")).toBe(row.default !== undefined);
  });
});
