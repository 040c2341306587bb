import { ask } from "./api.ts";
import { byId } from "./elements.ts";
import { startOpen } from "./open.ts";
import { GatewayClock } from "./gateway_clock.ts";
import { startLeft } from "./left.ts";
import { LiveEvents } from "./live_events.ts";
import { LiveView } from "./now.ts";
import { startRevoked } from "./revoked.ts";
import { startWho } from "./who.ts";
import { showWhy } from "./why.ts";

const REFRESH_MS = 3_000;

void start();

async function start(): Promise<void> {
  const live = new LiveView();
  const clock = new GatewayClock();
  const show = (overview: any) => {
    clock.set(overview.now);
    live.show(overview);
  };
  const shows = [startWho(), showWhy, startOpen(clock), startRevoked(clock)];
  startLeft();
  const { isOk, body } = await ask("/api/overview");
  if (isOk) show(body);
  new LiveEvents(show).start();
  const refresh = () => refreshTables(shows);
  refresh();
  setInterval(refresh, REFRESH_MS);
}

/** A page that nobody looks at asks for nothing. */
function refreshTables(shows: readonly (() => Promise<void>)[]): void {
  if (document.hidden || byId<HTMLDialogElement>("confirm").open) return;
  for (const show of shows) void show();
}
