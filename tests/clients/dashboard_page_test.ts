import { afterAll, expect, test } from "bun:test";
import { ENDPOINTS } from "../../lib/runtime/admin/api/endpoints.ts";
import { startAdmin } from "../server/admin/revoking_stage.ts";
import { runPage } from "../support/doc_page.ts";
import { codesIn } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { folderWith } from "../support/folder.ts";

const PAGE = await Bun.file(`${ROOT}/docs/dashboard.md`).text();
const TOKEN = "an-admin-token-of-more-than-16-bytes";

const app = [{ id: "web", secrets: [TOKEN], upstream: [{ url: "http://127.0.0.1:1/" }] }];
const gateway = await startAdmin("http://127.0.0.1:1/", { admin_token: TOKEN, app });
const folder = await folderWith();
afterAll(async () => {
  await gateway.stop();
  await folder[Symbol.asyncDispose]();
});

test("docs/dashboard.md has commands that do what it says", async () => {
  const page = PAGE.replaceAll("http://127.0.0.1:13090", gateway.admin);
  const [revoked = "", last = ""] = await runPage(page, folder.path(""));
  const shown = revoked.replace(/until \S+Z/, "until MOMENT");
  expect(codesIn(PAGE, "text")).toEqual([shown]);
  expect(last).toStartWith("Nothing is counted for the whole app.");
  const listed = await Bun.file(folder.path("revocations.json")).json();
  expect(listed.revocations).toMatchObject([{ app: "web", subject: "user_42" }]);
});

test("docs/dashboard.md names every endpoint", () => {
  const paths = [...PAGE.matchAll(/`(?:\w+ )?(\/api\/[\w/{}]+)/g)].map(([, path]) => path);
  expect(new Set(paths)).toEqual(new Set([...ENDPOINTS.map(({ path }) => path), "/api/events"]));
});
