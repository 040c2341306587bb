import { ask } from "./api.ts";
import { byId } from "./elements.ts";
import { showOpen, showRevoked, startRevoking } from "./ends.ts";
import { startLeft } from "./left.ts";
import { LiveEvents } from "./live_events.ts";
import { LiveView } from "./now.ts";
import { startWho } from "./who.ts";
import { showWhy } from "./why.ts";

const REFRESH_MS = 3_000;

void start();

async function start(): Promise<void> {
  const live = new LiveView();
  const showWho = startWho();
  startLeft();
  startRevoking();
  const { isOk, body } = await ask("/api/overview");
  if (isOk) {
    live.show(body);
  }
  new LiveEvents((overview) => live.show(overview)).start();
  const refresh = () => refreshTables(showWho);
  refresh();
  setInterval(refresh, REFRESH_MS);
}

/** A page that nobody looks at asks for nothing. */
function refreshTables(showWho: () => Promise<void>): void {
  if (document.hidden || byId<HTMLDialogElement>("confirm").open) return;
  for (const show of [showWho, showWhy, showOpen, showRevoked]) void show();
}
