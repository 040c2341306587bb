import type { AST } from "toml-eslint-parser";
import type { Node } from "yaml";
import { type ConfigPath, formatPath } from "../config_path.ts";

/** The lines on which the values of a file begin, by their paths. */
type Lines = Map<string, number>;

/**
 * Finds the line of a value in a configuration file that another parser has accepted. A file that is not accepted here has no
 * lines.
 *
 * @param text the text of the whole file, without a syntax error
 * @param path the path of the file; its extension tells the format
 * @returns a function from the path of a value to its line, counted from 1: for a value that the file does not have, the
 *   line of the table that lacks it; `undefined` where this is the whole file, and in a file of a single line
 */
export function findValueLines(
  text: string,
  path: string,
): (value: ConfigPath) => number | undefined {
  let lines: Lines | undefined;
  if (!text.trimEnd().includes("\n")) return () => undefined;
  return (value) => {
    lines ??= linesOf(text, path);
    for (let length = value.length; length > 0; length -= 1) {
      const line = lines.get(formatPath(value.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  };
}

function linesOf(text: string, path: string): Lines {
  try {
    const withoutMark = text.replace(/^\ufeff/, "");
    return /\.toml$/i.test(path) ? linesOfToml(withoutMark) : linesOfYaml(withoutMark);
  } catch {
    return new Map();
  }
}

// These parsers keep the places of values, and are loaded only when there is a mistake.
function linesOfToml(text: string): Lines {
  const { parseTOML } = require("toml-eslint-parser") as typeof import("toml-eslint-parser");
  const lines: Lines = new Map();
  for (const node of parseTOML(text).body[0].body) addTomlNode(lines, node, []);
  return lines;
}

function addTomlNode(lines: Lines, node: AST.TOMLNode, parent: ConfigPath): void {
  if (node.type === "TOMLTable") {
    addLine(lines, node.resolvedKey, node.loc.start.line);
    for (const entry of node.body) addTomlNode(lines, entry, node.resolvedKey);
  } else if (node.type === "TOMLKeyValue") {
    const keys = node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
    const path = [...parent, ...keys];
    addLine(lines, path, node.loc.start.line);
    addTomlNode(lines, node.value, path);
  } else if (node.type === "TOMLInlineTable") {
    for (const entry of node.body) addTomlNode(lines, entry, parent);
  } else if (node.type === "TOMLArray") {
    for (const [index, element] of node.elements.entries()) {
      addLine(lines, [...parent, index], element.loc.start.line);
      addTomlNode(lines, element, [...parent, index]);
    }
  }
}

// JSON is a part of YAML.
function linesOfYaml(text: string): Lines {
  const yaml = require("yaml") as typeof import("yaml");
  const lineCounter = new yaml.LineCounter();
  const { contents } = yaml.parseDocument(text, { lineCounter });
  const lines: Lines = new Map();
  const add = (node: unknown, path: ConfigPath) => {
    const { range } = node as Node;
    if (range) addLine(lines, path, lineCounter.linePos(range[0]).line);
  };
  const visit = (node: unknown, path: ConfigPath) => {
    if (yaml.isMap(node)) {
      for (const { key, value } of node.items) {
        const inner = [...path, String(key)];
        add(key, inner);
        visit(value, inner);
      }
    } else if (yaml.isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        add(item, [...path, index]);
        visit(item, [...path, index]);
      }
    }
  };
  visit(contents, []);
  return lines;
}

/** A table that several keys open begins at the first of them. */
function addLine(lines: Lines, path: ConfigPath, line: number): void {
  const name = formatPath(path);
  if (!lines.has(name)) lines.set(name, line);
}
