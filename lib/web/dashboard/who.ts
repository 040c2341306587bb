import { ask } from "./api.ts";
import { byId, table } from "./elements.ts";
import { extentOf } from "./extents.ts";
import { dollars, whole } from "./numbers.ts";
import { update } from "./update.ts";

const PAGE = 25;

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
  let offset = 0;
  const show = () => showWho(offset);
  const turn = (by: number) => {
    offset = Math.max(0, offset + by);
    void show();
  };
  const restart = () => turn(-offset);
  form.addEventListener("input", restart);
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("who-back").addEventListener("click", () => turn(-PAGE));
  byId("who-next").addEventListener("click", () => turn(PAGE));
  return show;
}

async function showWho(offset: number): Promise<void> {
  const chosen = Object.fromEntries(
    new FormData(byId<HTMLFormElement>("who-form")) as unknown as Iterable<[string, string]>,
  );
  const { table: name = "apps", ...query } = chosen;
  const parameters = new URLSearchParams({ ...query, limit: `${PAGE}`, offset: `${offset}` });
  const { isOk, body } = await ask(`/api/${name}?${parameters}`);
  if (!isOk) return;
  const columns = [
    ...NAMES[name]!.map(([key, title]) => ({ title, cell: (row: any) => row[key] })),
    ...NUMBERS.map(([key, title]) => ({
      title,
      cell: (row: any) => whole(row[key]),
      isNumber: true,
    })),
    { title: "Cost", cell: (row: any) => dollars(row.cost_usd), isNumber: true },
  ];
  const nothing = query["search"] ? "Nothing has this in its name." : "Nothing yet.";
  update(byId("who"), table(body.rows, columns, { empty: nothing }));
  byId("who-of").textContent = extentOf(body.gateways);
  const last = Math.min(offset + PAGE, body.total);
  byId("who-page").textContent =
    `${whole(Math.min(offset + 1, last))} to ${whole(last)} of ${whole(body.total)}`;
  byId<HTMLButtonElement>("who-back").disabled = offset === 0;
  byId<HTMLButtonElement>("who-next").disabled = last >= body.total;
}
