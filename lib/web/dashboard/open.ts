import { ask } from "./api.ts";
import { confirmed } from "./confirmed.ts";
import { button, byId, table } from "./elements.ts";
import type { GatewayClock } from "./gateway_clock.ts";
import { span, whole } from "./numbers.ts";
import { Pager } from "./pager.ts";
import { update } from "./update.ts";

/**
 * Lets the operator end what is open.
 *
 * @param clock of the gateway
 * @returns a function that shows the open exchanges, each with a button that ends it
 */
export function startOpen(clock: GatewayClock): () => Promise<void> {
  const show = async () => {
    const body = await pager.ask("/api/exchanges");
    if (!body) return;
    const rows = table(body.exchanges, columns, { empty: "Nothing is open.", keyOf });
    update(byId("open"), rows);
    pager.describe(body.exchanges.length, body.total);
  };
  const pager = new Pager("open", show);
  const columns = columnsOf(clock, (row) => void end(row).then(show));
  return show;
}

// Clients choose the ids of requests, and the question before the end names the rest.
const keyOf = ({ request_id: id, app, subject, since }: any): string =>
  JSON.stringify([id, app, subject, since]);

function columnsOf(clock: GatewayClock, onEnd: (row: any) => void) {
  return [
    { title: "App", cell: (row: any) => row.app },
    { title: "End user", cell: (row: any) => row.subject ?? "–" },
    { title: "Target", cell: (row: any) => `${row.method} ${row.target ?? ""}` },
    {
      title: "For",
      cell: (row: any) => span(Math.max(0, clock.now - Date.parse(row.since)) / 1000),
      isNumber: true,
    },
    { title: "Bytes out", cell: (row: any) => whole(row.bytes_out), isNumber: true },
    {
      title: "End",
      cell: (row: any) => button("End", () => onEnd(row), `End the request ${row.request_id}`),
    },
  ];
}

async function end({ request_id: id, app, subject }: any): Promise<void> {
  const owner = subject === null ? "" : ` of ${subject}`;
  if (!(await confirmed(`End the request ${id}${owner} in the app ${app}?`))) return;
  const { isOk, body } = await ask(`/api/exchanges/${encodeURIComponent(id)}`, "DELETE");
  byId("open-result").textContent = isOk ? `Ended: ${id}.` : body.detail;
}
