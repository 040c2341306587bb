// Builds the dashboard of operators into lib/runtime/admin/page/assets.json: bun run docs
import { dirname } from "node:path";

const ROOT = dirname(import.meta.dirname);
const SOURCES = `${ROOT}/lib/web/dashboard`;

/** The files of the dashboard, as texts. */
export interface DashboardAssets {
  page: string;
  login: string;
  style: string;
  script: string;
}

/** Bundles the dashboard. The same sources make the same files. */
export async function bundleDashboard(): Promise<DashboardAssets> {
  const { outputs } = await Bun.build({
    entrypoints: [`${SOURCES}/page.ts`],
    target: "browser",
    minify: true,
    root: SOURCES,
  });
  const textOf = (name: string) => Bun.file(`${SOURCES}/${name}`).text();
  const [page, login, ...styles] = await Promise.all(
    ["index.html", "login.html", "style.css", "tables.css"].map(textOf),
  );
  return { page: page!, login: login!, style: styles.join(""), script: await outputs[0]!.text() };
}
