import { ask } from "./api.ts";
import { button, byId, table } from "./elements.ts";
import { span, time, whole } from "./numbers.ts";
import { update } from "./update.ts";

/** Shows the open exchanges, each with a button that ends it. */
export async function showOpen(): Promise<void> {
  const { isOk, body } = await ask("/api/exchanges?limit=100");
  if (!isOk) return;
  const columns = [
    { title: "App", cell: (row: any) => row.app },
    { title: "End user", cell: (row: any) => row.subject ?? "–" },
    { title: "Target", cell: (row: any) => `${row.method} ${row.target ?? ""}` },
    {
      title: "For",
      cell: (row: any) => span((Date.now() - Date.parse(row.since)) / 1000),
      isNumber: true,
    },
    { title: "Bytes out", cell: (row: any) => whole(row.bytes_out), isNumber: true },
    {
      title: "End",
      cell: (row: any) => button("End", () => void end(row), `End the request ${row.request_id}`),
    },
  ];
  const keyOf = (row: any): string => row.request_id;
  update(byId("open"), table(body.exchanges, columns, { empty: "Nothing is open.", keyOf }));
}

async function end({ request_id: id, app, subject }: any): Promise<void> {
  const owner = subject === null ? "" : ` of ${subject}`;
  if (!(await confirmed(`End the request ${id}${owner} in the app ${app}?`))) return;
  await ask(`/api/exchanges/${encodeURIComponent(id)}`, "DELETE");
  await showOpen();
}

/** Shows the revocations, each with a button that lifts it. */
export async function showRevoked(): Promise<void> {
  const { isOk, body } = await ask("/api/revocations?limit=100");
  if (!isOk) return;
  const columns = [
    { title: "App", cell: (row: any) => row.app },
    { title: "Revoked", cell: describe },
    { title: "Since", cell: (row: any) => time(row.made_at) },
    { title: "Until", cell: (row: any) => time(row.kept_until) },
    {
      title: "Lift",
      cell: (row: any) =>
        button("Lift", () => void lift(row), `Lift the revocation of ${describe(row)}`),
    },
  ];
  const rows = table(body.revocations, columns, { empty: "Nothing is revoked.", keyOf });
  update(byId("revoked"), rows);
}

function keyOf({ app, token, subject, before }: any): string {
  return JSON.stringify({ app, token, subject, before });
}

function describe({ token, subject, before }: any): string {
  if (token !== undefined) return `the token ${token}`;
  if (subject !== undefined) return `the end user ${subject}`;
  return `all from before ${time(before)}`;
}

async function lift({ app, token, subject, before }: any): Promise<void> {
  if (
    !(await confirmed(
      `Lift the revocation of ${describe({ token, subject, before })} in the app ${app}?`,
    ))
  )
    return;
  report(await ask("/api/revocations", "DELETE", { app, token, subject, before }));
}

/** Lets the form revoke. */
export function startRevoking(): void {
  const form = byId<HTMLFormElement>("revoke-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void revoke(new FormData(form));
  });
}

async function revoke(form: FormData): Promise<void> {
  const [app, kind, value] = ["app", "kind", "value"].map((name) => String(form.get(name)));
  const revoked = { app, [kind!]: kind === "before" ? new Date().toISOString() : value };
  if (!(await confirmed(`Revoke ${describe(revoked)} in the app ${app}? What is open ends.`)))
    return;
  report(await ask("/api/revocations", "POST", revoked));
}

function report({ isOk, body }: { isOk: boolean; body: any }): void {
  const { processes, is_lifted: isLifted, detail } = body;
  byId("revoke-result").textContent = isOk
    ? `${isLifted ? "Lifted" : "Revoked"}: ${processes.reached} of ${processes.known} processes know it.`
    : detail;
  void showRevoked();
}

/** Asks the operator. */
function confirmed(question: string): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("confirm");
  byId("confirm-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}
