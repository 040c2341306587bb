import { bundledServer } from "./bundled_server.ts";
import { ROOT } from "./root.ts";

/** A block of code on a page. */
export interface CodeBlock {
  language: string;
  code: string;
}

/** A text on a page, and the block for the shell before it that prints it. */
export interface ShownOutput {
  /** The place of the block among those for the shell. */
  index: number;
  text: string;
}

const MARK = "===== end of a block";

/** The blocks of code of a page, in its order. */
export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code]) => {
    return { language: language!, code: code! };
  });
}

/** The code of the blocks of a page in a language. */
export function codesIn(page: string, language: string): string[] {
  return codeBlocks(page).flatMap((block) => (block.language === language ? [block.code] : []));
}

/** What a page says that its commands print. */
export function shownOutputs(page: string): ShownOutput[] {
  const blocks = codeBlocks(page);
  return blocks.flatMap(({ language, code }, place) => {
    if (language !== "text") return [];
    const index = blocks.slice(0, place).filter((block) => block.language === "sh").length - 1;
    return [{ index, text: code }];
  });
}

/**
 * Runs all blocks for the shell of a page in one shell, as a reader would, with this program as `bun server.ts`.
 *
 * @param page the text of the page
 * @param folder in which they run
 * @returns what each block prints
 * @throws Error when a command fails or complains
 */
export async function runPage(page: string, folder: string): Promise<string[]> {
  const program = `${process.execPath} ${await bundledServer()}`;
  const script = codesIn(page, "sh").flatMap((code) => [code, `echo '${MARK}'`]);
  const shell = Bun.spawn(["sh", "-ec", script.join("\n").replaceAll("bun server.ts", program)], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nowhere" },
    stderr: "pipe",
  });
  const [output, complaint] = await Promise.all(
    [shell.stdout, shell.stderr].map((stream) => new Response(stream).text()),
  );
  const code = await shell.exited;
  if (complaint !== "" || code !== 0) throw new Error(`the page's commands: ${code} ${complaint}`);
  return output!.split(`${MARK}\n`);
}

/** Runs a script of a page that signs a token as `token`, with the package of this source, and returns the token. */
export async function tokenOf(script: string): Promise<string> {
  const entry = JSON.stringify(`${ROOT}/lib/signing/mod.ts`);
  const program = `${script.replace('"signway"', entry)}\nconsole.log(token);`;
  return (await Bun.$`${process.execPath} -e ${program}`.text()).trim();
}

/**
 * Finds the links of a page to headings that there are not.
 *
 * @param page the text of the page
 * @param name of its file in `docs`
 * @returns the links, and the number of all of them
 */
export async function brokenLinks(
  page: string,
  name: string,
): Promise<{ broken: string[]; count: number }> {
  const links = [...page.matchAll(/\]\((?:([\w/]+\.md))?#([\w-]+)\)/g)];
  const broken: string[] = [];
  for (const [link, file = name, anchor = ""] of links) {
    const text = await Bun.file(`${ROOT}/docs/${file}`).text();
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
    if (!anchors.includes(anchor)) broken.push(link);
  }
  return { broken, count: links.length };
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
