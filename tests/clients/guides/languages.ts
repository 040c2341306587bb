import { readFileSync } from "node:fs";
import { block } from "./guide.ts";
import { ROOT } from "../../support/root.ts";
import { finished } from "../../support/finished.ts";

const CACHE = `${ROOT}/.cache/guides`;
const DRIVERS = `${import.meta.dirname}/drivers`;

/** How the function of a guide is run. */
interface Language {
  name: string;
  /** The guide's file, what its code blocks are marked with, and what the function's block holds. */
  guide: [file: string, mark: string, needle: string];
  /** What only the block of the example holds. */
  example: string;
  /** Programs that it takes. */
  needs: string[];
  driver: string;
  /** What the guide's function is saved as. */
  module: string;
  /** Commands that are run one after the other; the last one reads requests and prints URLs. */
  commands: string[][];
  /** Files that the commands need, by their names. */
  files?: () => Record<string, string>;
}

const RUST_PACKAGE = '[package]\nname = "guide"\nversion = "0.0.0"\nedition = "2021"\n';

/** The languages whose guide has a function of its own. */
export const LANGUAGES: Language[] = [
  {
    name: "JavaScript",
    guide: ["javascript.md", "js", "export async function"],
    example: '  secret: process.env.SW_SECRET,\n  method: "POST"',
    needs: ["node"],
    driver: "driver.mjs",
    module: "signway.mjs",
    commands: [["node", "driver.mjs"]],
  },
  {
    name: "Ruby",
    guide: ["ruby.md", "ruby", "def sign_url"],
    example: "puts sign_url(",
    needs: ["ruby"],
    driver: "driver.rb",
    module: "signway.rb",
    commands: [["ruby", "driver.rb"]],
  },
  {
    name: "PHP",
    guide: ["php.md", "php", "function sign_url"],
    example: "echo sign_url(",
    needs: ["php"],
    driver: "driver.php",
    module: "signway.php",
    commands: [["php", "driver.php"]],
  },
  {
    name: "Go",
    guide: ["go.md", "go", "func SignURL"],
    example: "signway.SignURL(",
    needs: ["go"],
    driver: "driver.go",
    module: "signway/signway.go",
    commands: [["go", "build", "-o", "driver", "driver.go"], ["./driver"]],
    files: () => ({ "go.mod": "module guide\n\ngo 1.19\n" }),
  },
  {
    name: "Java",
    guide: ["java.md", "java", "public record Signer"],
    example: "new Signer(",
    needs: ["javac", "java"],
    driver: "Driver.java",
    module: "Signer.java",
    commands: [
      ["javac", "-encoding", "UTF-8", "Signer.java", "Driver.java"],
      ["java", "Driver"],
    ],
  },
  {
    name: "C#",
    guide: ["csharp.md", "csharp", "public static class"],
    example: "var url = Signway.SignUrl(",
    needs: ["mcs", "mono"],
    driver: "Driver.cs",
    module: "Signway.cs",
    commands: [
      ["mcs", "-out:driver.exe", "Signway.cs", "Driver.cs"],
      ["mono", "driver.exe"],
    ],
  },
  {
    name: "Rust",
    guide: ["rust.md", "rust", "pub fn sign_url"],
    example: "let url = sign_url(",
    needs: ["cargo", "cc"],
    driver: "src/main.rs",
    module: "src/signway.rs",
    commands: [["cargo", "build", "--quiet", "--locked"], ["target/debug/guide"]],
    files: () => ({
      "Cargo.toml": `${RUST_PACKAGE}\n${block("rust.md", "toml", "[dependencies]")}`,
      "Cargo.lock": readFileSync(`${DRIVERS}/Cargo.lock`, "utf8"),
    }),
  },
  {
    name: "shell",
    guide: ["shell.md", "sh", "sw_sign() ("],
    example: "SW_ID=web # and SW_SECRET",
    needs: ["openssl", "od", "awk"],
    driver: "driver.sh",
    module: "signway.sh",
    commands: [["sh", "driver.sh"]],
  },
];

/** The secret that the guides' examples find in the environment. */
export const SECRET = "correct-horse-battery-staple";

/** Throws unless everything is there that a language takes. */
export async function findTools({ needs }: Language): Promise<void> {
  for (const tool of needs) {
    const PATH = process.env["PATH"] ?? "";
    if (!Bun.which(tool, { PATH })) throw new Error(`${tool} is missing`);
  }
}

/**
 * Compiles and runs the function and the example of a guide.
 *
 * @param language one of {@link LANGUAGES}
 * @param input requests, as `driverInput` writes them
 * @returns what the driver printed: the URL of the guide's example, then one URL a request
 */
export async function runGuide(language: Language, input: string): Promise<string[]> {
  const folder = `${CACHE}/${language.driver.replace(/\W/g, "_")}`;
  for (const [name, text] of Object.entries(sourcesOf(language))) {
    await Bun.write(`${folder}/${name}`, text);
  }
  let output = "";
  for (const [i, command] of language.commands.entries()) {
    const isLast = i === language.commands.length - 1;
    output = await run(command, folder, isLast ? input : "");
  }
  return output.trimEnd().split("\n");
}

/**
 * The program that runs the function and the example of a guide.
 *
 * @returns its files by their names, with the code blocks in their places
 */
export function sourcesOf({ guide, example, ...language }: Language): Record<string, string> {
  const [file, mark, needle] = guide;
  const driver = readFileSync(
    `${DRIVERS}/${language.driver.replace("src/main", "driver")}`,
    "utf8",
  );
  return {
    [language.module]: block(file, mark, needle),
    [language.driver]: driver.replace(/^.*THE EXAMPLE$/m, () => block(file, mark, example)),
    ...language.files?.(),
  };
}

async function run(command: string[], cwd: string, input: string): Promise<string> {
  const child = Bun.spawn(command, {
    cwd,
    env: {
      ...process.env,
      SW_SECRET: SECRET,
      GOCACHE: `${CACHE}/go-build`,
      GOTOOLCHAIN: "local",
      GOFLAGS: "",
    },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
    timeout: 240_000,
  });
  const { code, stdout, stderr } = await finished(child);
  if (code !== 0) throw new Error(`${command.join(" ")} (exit ${code}): ${stderr}`);
  return stdout;
}
