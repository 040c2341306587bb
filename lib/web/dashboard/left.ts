import { ask } from "./api.ts";
import { byId, element, table } from "./elements.ts";
import { dollars, time, whole } from "./numbers.ts";

const TITLES: Readonly<Record<string, string>> = {
  app: "The app",
  subject: "The end user",
  token: "The token",
};

/** Lets the form show what is left. */
export function startLeft(): void {
  const form = byId<HTMLFormElement>("left-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void showLeft(new FormData(form));
  });
}

async function showLeft(form: FormData): Promise<void> {
  const given = ["app", "subject", "token", "issuer"]
    .map((name) => [name, String(form.get(name))] as [string, string])
    .filter(([, value]) => value !== "");
  const { isOk, body } = await ask(`/api/ledger?${new URLSearchParams(given)}`);
  if (!isOk) return byId("left").replaceChildren(element("p", {}, body.detail));
  const amount = (row: any, key: string) => {
    if (row[key] === undefined) return "–";
    return row.name.startsWith("cost") ? dollars(row[key]) : whole(row[key]);
  };
  const columns = [
    { title: "Counter", cell: (row: any) => row.name },
    { title: "Used", cell: (row: any) => amount(row, "used"), isNumber: true },
    { title: "Reserved", cell: (row: any) => amount(row, "reserved"), isNumber: true },
    { title: "Limit", cell: (row: any) => amount(row, "limit"), isNumber: true },
    { title: "Left", cell: (row: any) => amount(row, "left"), isNumber: true },
    { title: "Until", cell: untilOf },
  ];
  const parts = (body.scopes as any[]).flatMap(({ scope, counters }) => [
    element("h3", {}, TITLES[scope] ?? scope),
    table(counters, columns, { empty: "Nothing has been used of any limit." }),
  ]);
  byId("left").replaceChildren(...parts);
}

function untilOf({ ends_at: end, full_at: full }: any): string {
  if (full) return `whole burst from ${time(full)}`;
  return end ? time(end) : "–";
}
