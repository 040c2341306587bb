import { type Broken, examplesOf, right, type Sound, wrong } from "./planted.ts";

const FILE_LINES = "a file has 250 lines at most";
const FILE_NAMES = "a file of code is named in snake_case";
const FUNCTION_LINES = "a function has 45 lines at most";
const PARAMETERS = "a function has four parameters at most";
const STATE = "a module keeps no state that changes";
const NAMES = "a name needs no explanation";

const calls = (count: number): string[] => Array.from({ length: count }, () => "  run();");

/** What the rules for sizes, state and names find. */
export const BROKEN_CODE: readonly Broken[] = [
  ...examplesOf(FILE_LINES, [
    wrong("code", "bench/a.ts", calls(251), "0 has 251 lines, and 250 are allowed"),
    wrong("a test", "tests/a_test.ts", calls(251), "0 has 251 lines, and 250 are allowed"),
    wrong("a style", "lib/web/a.css", calls(251), "0 has 251 lines, and 250 are allowed"),
  ]),

  ...examplesOf(FILE_NAMES, [
    wrong("camelCase", "tests/unit/someTest.ts", [], "0 is not named in snake_case"),
    wrong("a hyphen", "build/the-binary.ts", [], "0 is not named in snake_case"),
  ]),

  ...examplesOf(FUNCTION_LINES, [
    wrong(
      "a declaration, and the arrow in it",
      "build/a.ts",
      ["function a() {", "const b = () => {", ...calls(44), "};", "}"],
      "1 a has 48 lines, and 45 are allowed",
      "2 b has 46 lines, and 45 are allowed",
    ),
    wrong(
      "methods of a class and of an object",
      "bench/a.ts",
      ["class A {", "async b() {", ...calls(44), "}", "}", "run({ c() {", ...calls(44), "} });"],
      "2 b has 46 lines, and 45 are allowed",
      "49 c has 46 lines, and 45 are allowed",
    ),
  ]),

  ...examplesOf(PARAMETERS, [
    wrong(
      "a function with a rest parameter",
      "examples/a.ts",
      ["function a(b, { c, d }, e = 1, [f], ...g) {}"],
      "1 a has 5 parameters, and 4 are allowed",
    ),
    wrong(
      "a type, a method of a type and a constructor",
      "lib/config/a.ts",
      [
        "type A = (b: B, c: C, d: D, e: E, f: F) => void;",
        "interface G { h(b: B, c: C, d: D, e: E, f: F): void }",
        "class I { constructor(b, c, d, e, f) {} }",
      ],
      "1 A has 5 parameters, and 4 are allowed",
      "2 h has 5 parameters, and 4 are allowed",
      "3 constructor has 5 parameters, and 4 are allowed",
    ),
  ]),

  ...examplesOf(STATE, [
    wrong("let", "lib/config/a.ts", ["export let a = 1;"], "1 a is declared with let"),
    wrong(
      "an empty map",
      "bench/a.ts",
      ["const a = new Map<string, A>();"],
      "1 a is an empty Map, there to be filled",
    ),
    wrong(
      "containers that are changed",
      "lib/cli/main.ts",
      [
        "const a = [1];",
        "const b = { c: { d: 1 } };",
        "const e = {};",
        "const f = new Set([1]);",
        "function g() {",
        "  a[0]!.h.push(1);",
        "  b.c.d += 1;",
        "  Object.assign(e, b);",
        "  [f.size] = a;",
        "}",
      ],
      "1 a is changed in place",
      "2 b is changed in place",
      "3 e is changed in place",
      "4 f is changed in place",
    ),
    wrong(
      "state of another file",
      "lib/cli/main.ts",
      ['import { a } from "./arguments/a.ts";', "a.b = 1;"],
      "1 a is changed in place",
    ),
    wrong(
      "an instance, and what a function made",
      "lib/gateway/handler.ts",
      ["const a = new Wheel();", "const b = createWheel();"],
      "1 a holds an instance of Wheel",
      "2 b holds what a create… function made",
    ),
    wrong(
      "a static field",
      "lib/gateway/handler.ts",
      ["class A {", "static #b = 1;", "}"],
      "2 b is a static field that is not readonly",
    ),
  ]),

  ...examplesOf(NAMES, [
    wrong(
      "a function, an arrow, a method and members of a type",
      "lib/gateway/handler.ts",
      [
        "function answer() {}",
        "const goOff = () => {};",
        "class A { takePlace() {} }",
        "interface B { onLasting?: () => void; deny(): void }",
      ],
      "1 the function answer has an old name: respond, or what else is done",
      "2 the function goOff has an old name: fire…, with what is fired",
      "3 the function takePlace has an old name: what is counted or reserved",
      "4 the function onLasting has an old name: onLongRunning or suspendIdleTimeout",
      "4 the function deny has an old name: throw…",
    ),
    wrong(
      "a class, types and exported constants",
      "lib/mod.ts",
      [
        "class Connections {}",
        "interface Place {}",
        "type Told = string;",
        "export const look = 1;",
        'export type { Connection } from "./gateway/inbound.ts";',
      ],
      "1 the class Connections has an old name: ConcurrencyLimits",
      "2 the type Place has an old name: ConfigPath",
      "3 the type Told has an old name: what the object holds",
      "4 the constant look has an old name: what is checked",
      "5 the constant Connection has an old name: ClientInfo",
    ),
    wrong(
      "variables and parameters",
      "examples/a.ts",
      ["const how = {};", "function run({ shown }, same) {}"],
      "1 the variable how has an old name: options, or the noun",
      "2 the variable shown has an old name: what is displayed",
      "2 the variable same has an old name: isEqual…, or what is compared",
    ),
  ]),
];

/** What they leave alone. */
export const SOUND_CODE: readonly Sound[] = [
  ...examplesOf(FILE_LINES, [right("250 lines", "bench/a.ts", ...calls(250), "")]),

  ...examplesOf(FILE_NAMES, [
    right("the configuration of Next.js", "examples/a/next.config.mjs", "export default {};"),
  ]),

  ...examplesOf(FUNCTION_LINES, [
    right("45 lines", "bench/a.ts", "/**", " * Text.", " */", "function a() {", ...calls(43), "}"),
    right("a table", "bench/a.ts", "const a = [", ...calls(60).map(() => "1,"), "];"),
  ]),

  ...examplesOf(PARAMETERS, [
    right("this", "lib/config/a.ts", "function a(this: A, b: B, c: C, d: D, e: E) {}"),
  ]),

  ...examplesOf(STATE, [
    right(
      "constants, and variables of functions with the name of one",
      "lib/config/a.ts",
      "const a = new Set([1]);",
      "const b: ReadonlyMap<string, string> = new Map();",
      "const c = /d/;",
      "function e(a) { a.add(1); }",
      "function f() { const b = new Map(); b.set(1, 2); for (const c of b) c.push(1); }",
      "class G { static readonly h = 1; i = 2; }",
    ),
    right(
      "elements of a page",
      "examples/demo/page/a.ts",
      'const a = document.querySelector("a");',
      'a.textContent = "b";',
    ),
  ]),

  ...examplesOf(NAMES, [
    right(
      "variables that happen to be named so",
      "lib/config/a.ts",
      "const answer = run();",
      'const b = { Upstream: 1, answer: "c" };',
    ),
  ]),
];
