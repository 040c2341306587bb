import { readFileSync } from "node:fs";
import { block } from "./guide.ts";
import { ROOT } from "../../support/root.ts";
import { finished } from "../../support/finished.ts";

const CACHE = `${ROOT}/.cache/guides`;
const DRIVERS = `${import.meta.dirname}/drivers`;

/** A function of a guide: the file that it is saved as, and a text that only its block holds. */
type GuideFunction = [module: string, needle: string];

/** How the functions of a guide are run. */
interface Language {
  name: string;
  /** The guide's file, and what its code blocks are marked with. */
  guide: [file: string, mark: string];
  /** The function that signs URLs. Absent if a package does it. */
  url?: GuideFunction;
  /** What only the block of its example holds. */
  example?: string;
  /** The function that signs access tokens. Absent if a package does it. */
  token?: GuideFunction;
  /** Programs that it takes. */
  needs: string[];
  driver: string;
  /** Commands that are run one after the other; the last one reads requests and prints URLs and tokens. */
  commands: string[][];
  /** Files that the commands need, by their names. */
  files?: () => Record<string, string>;
}

const RUST_PACKAGE = '[package]\nname = "guide"\nversion = "0.0.0"\nedition = "2021"\n';

/** The languages whose guide has functions of its own. */
export const LANGUAGES: Language[] = [
  {
    name: "JavaScript",
    guide: ["javascript.md", "js"],
    url: ["signway.mjs", "export async function"],
    example: '  secret: process.env.SW_SECRET,\n  method: "POST"',
    needs: ["node"],
    driver: "driver.mjs",
    commands: [["node", "driver.mjs"]],
  },
  {
    name: "Python",
    guide: ["python.md", "python"],
    token: ["access_token.py", "def sign_token"],
    needs: ["python3"],
    driver: "driver.py",
    commands: [["python3", "driver.py"]],
  },
  {
    name: "Ruby",
    guide: ["ruby.md", "ruby"],
    url: ["signway.rb", "def sign_url"],
    example: "puts sign_url(",
    token: ["token.rb", "def sign_token"],
    needs: ["ruby"],
    driver: "driver.rb",
    commands: [["ruby", "driver.rb"]],
  },
  {
    name: "PHP",
    guide: ["php.md", "php"],
    url: ["signway.php", "function sign_url"],
    example: "echo sign_url(",
    token: ["token.php", "function sign_token"],
    needs: ["php"],
    driver: "driver.php",
    commands: [["php", "driver.php"]],
  },
  {
    name: "Go",
    guide: ["go.md", "go"],
    url: ["signway/signway.go", "func SignURL"],
    example: "signway.SignURL(",
    token: ["signway/token.go", "func SignToken"],
    needs: ["go"],
    driver: "driver.go",
    commands: [["go", "build", "-o", "driver", "driver.go"], ["./driver"]],
    files: () => ({ "go.mod": "module guide\n\ngo 1.19\n" }),
  },
  {
    name: "Java",
    guide: ["java.md", "java"],
    url: ["Signer.java", "public record Signer"],
    example: "new Signer(",
    token: ["TokenSigner.java", "public record TokenSigner"],
    needs: ["javac", "java"],
    driver: "Driver.java",
    commands: [
      ["javac", "-encoding", "UTF-8", "Signer.java", "TokenSigner.java", "Driver.java"],
      ["java", "Driver"],
    ],
  },
  {
    name: "C#",
    guide: ["csharp.md", "csharp"],
    url: ["Signway.cs", "public static class Signway"],
    example: "var url = Signway.SignUrl(",
    token: ["AccessToken.cs", "public static class AccessToken"],
    needs: ["mcs", "mono"],
    driver: "Driver.cs",
    commands: [
      ["mcs", "-out:driver.exe", "Signway.cs", "AccessToken.cs", "Driver.cs"],
      ["mono", "driver.exe"],
    ],
  },
  {
    name: "Rust",
    guide: ["rust.md", "rust"],
    url: ["src/signway.rs", "pub fn sign_url"],
    example: "let url = sign_url(",
    token: ["src/token.rs", "pub fn sign_token"],
    needs: ["cargo", "cc"],
    driver: "src/main.rs",
    commands: [["cargo", "build", "--quiet", "--locked"], ["target/debug/guide"]],
    files: () => ({
      "Cargo.toml": `${RUST_PACKAGE}\n${block("rust.md", "toml", "[dependencies]")}`,
      "Cargo.lock": readFileSync(`${DRIVERS}/Cargo.lock`, "utf8"),
    }),
  },
  {
    name: "shell",
    guide: ["shell.md", "sh"],
    url: ["signway.sh", "sw_sign() ("],
    example: "SW_ID=web # and SW_SECRET",
    token: ["token.sh", "sw_token() ("],
    needs: ["openssl", "od", "awk"],
    driver: "driver.sh",
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
 * Compiles and runs the functions and the example of a guide.
 *
 * @param language one of {@link LANGUAGES}
 * @param input requests, as `driverInput` and `tokenInput` write them
 * @returns the lines that the driver printed: the URL of the guide's example, if there is one, then a URL or a token
 *   for each request
 */
export async function runGuide(language: Language, input: string): Promise<string[]> {
  const folder = folderOf(language);
  for (const [name, text] of Object.entries(sourcesOf(language))) {
    await Bun.write(`${folder}/${name}`, text);
  }
  for (const command of language.commands.slice(0, -1)) await run(command, folder, "");
  return rerunGuide(language, input);
}

/**
 * Runs the program that {@link runGuide} has made once more.
 *
 * @param language one of {@link LANGUAGES}
 * @param input requests, as `driverInput` and `tokenInput` write them
 * @returns the lines that the driver printed
 */
export async function rerunGuide(language: Language, input: string): Promise<string[]> {
  const output = await run(language.commands.at(-1)!, folderOf(language), input);
  return output.trimEnd().split("\n");
}

function folderOf({ driver }: Language): string {
  return `${CACHE}/${driver.replace(/\W/g, "_")}`;
}

/**
 * The program that runs the functions and the example of a guide.
 *
 * @returns its files by their names, with the code blocks in their places
 */
export function sourcesOf({ guide, example, ...language }: Language): Record<string, string> {
  const [file, mark] = guide;
  const functions = [language.url, language.token].filter((it) => it !== undefined);
  const driver = readFileSync(
    `${DRIVERS}/${language.driver.replace("src/main", "driver")}`,
    "utf8",
  );
  return {
    ...Object.fromEntries(functions.map(([name, needle]) => [name, block(file, mark, needle)])),
    [language.driver]: driver.replace(/^.*THE EXAMPLE$/m, () => block(file, mark, example!)),
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
  if (code !== 0) throw new Error(`${command.join(" ")} (exit ${code}): ${stderr}${stdout}`);
  return stdout;
}
