import { testProgram } from "./test_program.ts";
import { codesIn } from "./code_blocks.ts";
import { finished } from "./finished.ts";
import { ROOT } from "./root.ts";

const MARK = "===== end of a block";

/**
 * Runs all blocks for the shell of a page in one shell, as a reader would, with this program as `bun server.ts`.
 *
 * @param page the text of the page
 * @param folder in which they run
 * @returns what each block prints
 * @throws Error when a command fails or complains
 */
export async function runPage(page: string, folder: string): Promise<string[]> {
  const program = await testProgram();
  const script = codesIn(page, "sh").flatMap((code) => [code, `echo '${MARK}'`]);
  const shell = Bun.spawn(["sh", "-ec", script.join("\n").replaceAll("bun server.ts", program)], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nowhere" },
    stdout: "pipe",
    stderr: "pipe",
  });
  const { code, stdout, stderr } = await finished(shell);
  if (stderr !== "" || code !== 0) throw new Error(`the page's commands: ${code} ${stderr}`);
  return stdout.split(`${MARK}\n`);
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
