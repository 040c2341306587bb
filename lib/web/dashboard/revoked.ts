import { type Answer, ask } from "./api.ts";
import { confirmed } from "./confirmed.ts";
import { button, byId, table } from "./elements.ts";
import type { GatewayClock } from "./gateway_clock.ts";
import { time } from "./numbers.ts";
import { Pager } from "./pager.ts";
import { update } from "./update.ts";

/**
 * Lets the operator revoke and lift.
 *
 * @param clock of the gateway
 * @returns a function that shows the revocations, each with a button that lifts it
 */
export function startRevoked(clock: GatewayClock): () => Promise<void> {
  const show = async () => {
    const body = await pager.ask("/api/revocations");
    if (!body) return;
    const rows = table(body.revocations, columns, { empty: "Nothing is revoked.", keyOf });
    update(byId("revoked"), rows);
    pager.describe(body.revocations.length, body.total);
  };
  const pager = new Pager("revoked", show);
  const columns = columnsOf((row) => void lift(row).then(show));
  startForm((form) => void revoke(form, clock).then(show));
  return show;
}

function columnsOf(onLift: (row: any) => void) {
  return [
    { title: "App", cell: (row: any) => row.app },
    { title: "Revoked", cell: describe },
    { title: "Since", cell: (row: any) => time(row.made_at) },
    { title: "Until", cell: (row: any) => time(row.kept_until) },
    {
      title: "Lift",
      cell: (row: any) =>
        button("Lift", () => onLift(row), `Lift the revocation of ${describe(row)}`),
    },
  ];
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
  const what = describe({ token, subject, before });
  if (!(await confirmed(`Lift the revocation of ${what} in the app ${app}?`))) return;
  report(await ask("/api/revocations", "DELETE", { app, token, subject, before }));
}

function startForm(onSubmit: (form: FormData) => void): void {
  const form = byId<HTMLFormElement>("revoke-form");
  const kind = form.elements.namedItem("kind") as HTMLSelectElement;
  const value = form.elements.namedItem("value") as HTMLInputElement;
  const setValue = () => (value.disabled = kind.value === "before");
  // A browser may have kept what was chosen before a reload.
  setValue();
  kind.addEventListener("input", setValue);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onSubmit(new FormData(form));
  });
}

async function revoke(form: FormData, clock: GatewayClock): Promise<void> {
  const [app, kind, value] = ["app", "kind", "value"].map((name) => String(form.get(name)));
  const now = new Date(clock.now).toISOString();
  const revoked = { app, [kind!]: kind === "before" ? now : value };
  const question = `Revoke ${describe(revoked)} in the app ${app}? What is open ends.`;
  if (await confirmed(question)) report(await ask("/api/revocations", "POST", revoked));
}

function report({ isOk, body }: Answer): void {
  const { processes, is_lifted: isLifted, detail } = body;
  byId("revoke-result").textContent = isOk
    ? `${isLifted ? "Lifted" : "Revoked"}: ${processes.reached} of ${processes.known} processes know it.`
    : detail;
}
