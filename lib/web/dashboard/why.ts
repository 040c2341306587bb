import { ask } from "./api.ts";
import { byId, element, table } from "./elements.ts";
import { time } from "./numbers.ts";
import { update } from "./update.ts";

const COLUMNS = [
  { title: "Time", cell: (row: any) => time(row.time) },
  { title: "Status", cell: (row: any) => String(row.status) },
  { title: "App", cell: (row: any) => row.app ?? "–" },
  { title: "Target", cell: (row: any) => row.target ?? "–" },
  { title: "Reason", cell: (row: any) => row.reason ?? "–" },
  { title: "Request", cell: (row: any) => row.request_id },
];

const EXAMPLES = 20;

/** Shows the last refusals and failures, grouped by code. */
export async function showWhy(): Promise<void> {
  const { isOk, body } = await ask("/api/refusals");
  if (!isOk) return;
  const groups = Map.groupBy(body.refusals as any[], ({ code }) => code as string);
  const sorted = [...groups].sort(([, one], [, other]) => other.length - one.length);
  const parts = sorted.map(([code, refusals]) => {
    const [{ remedy }] = refusals as [any];
    const statuses = [...new Set(refusals.map(({ status }) => status))].sort().join(", ");
    const summary = element("summary", {}, `${refusals.length} × ${code} (${statuses})`);
    const more = refusals.length > EXAMPLES ? ` Here are the last ${EXAMPLES}.` : "";
    return element(
      "details",
      { "data-key": code },
      summary,
      element("p", { class: "remedy" }, `${remedy}${more}`),
      element(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": `Requests with ${code}` },
        table(refusals.slice(0, EXAMPLES), COLUMNS, {
          empty: "",
          keyOf: (row) => `${row.time} ${row.request_id}`,
        }),
      ),
    );
  });
  const none = element("p", { class: "empty" }, "Nothing was refused.");
  update(byId("why"), ...(parts.length > 0 ? parts : [none]));
}
