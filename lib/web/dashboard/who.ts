import { byId, table } from "./elements.ts";
import { extentOf } from "./extents.ts";
import { dollars, whole } from "./numbers.ts";
import { Pager } from "./pager.ts";
import { update } from "./update.ts";

const NAMES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  apps: [["app", "App"]],
  subjects: [
    ["app", "App"],
    ["subject", "End user"],
  ],
  models: [["model", "Model"]],
};

const NUMBERS = [
  ["requests", "Requests"],
  ["errors", "Errors"],
  ["input_tokens", "Input tokens"],
  ["output_tokens", "Output tokens"],
] as const;

/**
 * Lets the form choose which usage is shown.
 *
 * @returns a function that shows the page that is chosen
 */
export function startWho(): () => Promise<void> {
  const form = byId<HTMLFormElement>("who-form");
  const show = () => showWho(form, pager);
  const pager = new Pager("who", show);
  form.addEventListener("input", () => pager.restart());
  form.addEventListener("submit", (event) => event.preventDefault());
  return show;
}

async function showWho(form: HTMLFormElement, pager: Pager): Promise<void> {
  const chosen = Object.fromEntries(new FormData(form) as unknown as Iterable<[string, string]>);
  const { table: name = "apps", ...query } = chosen;
  const body = await pager.ask(`/api/${name}`, query);
  if (!body) return;
  const nothing = query["search"] ? "Nothing has this in its name." : "Nothing yet.";
  update(byId("who"), table(body.rows, columnsOf(name), { empty: nothing }));
  byId("who-of").textContent = extentOf(body.gateways);
  pager.describe(body.rows.length, body.total);
}

function columnsOf(name: string) {
  return [
    ...NAMES[name]!.map(([key, title]) => ({ title, cell: (row: any) => row[key] })),
    ...NUMBERS.map(([key, title]) => ({
      title,
      cell: (row: any) => whole(row[key]),
      isNumber: true,
    })),
    { title: "Cost", cell: (row: any) => dollars(row.cost_usd), isNumber: true },
  ];
}
