import type { BytesDemand, CounterDemand } from "../../../lib/gateway/ledger/demand.ts";
import type { Refused, ReserveOperation } from "../../../lib/gateway/ledger/store.ts";
import type { Model } from "./model.ts";
import type { AmountDemand, Held } from "./model_counters.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

export function reserveIn(model: Model, operation: ReserveOperation, now: number): unknown {
  const { app, owner, id, demands, elastic, credential } = operation;
  if (credential) {
    if (credential.issuedAt <= model.births.of(app) + 2 * SECOND)
      return refused("token_predates_ledger");
    if (credential.issuedAt > now + 2 * SECOND) return refused("token_not_yet_valid");
    if (credential.expiresAt <= now) return refused("token_expired");
  }
  if (model.known(id) || (model.marks.get(id) ?? 0) > now) return refused("void");
  const least = elastic?.least ?? 0;
  const no = demands.map((demand) => refusalIn(model, app, demand, least)).filter((one) => !!one);
  const worst = no.toSorted((a, b) => (b.waitMs ?? Infinity) - (a.waitMs ?? Infinity))[0];
  if (worst) {
    for (const demand of demands) {
      if (credential && demand.counter !== "rate")
        model.counters.keep(app, demand, credential.expiresAt + HOUR);
    }
    return withExpired(model, app, worst);
  }

  const bytes = blockIn(
    model,
    app,
    demands.filter((demand) => demand.counter === "bytes"),
  );
  const granted = elastic && grantIn(model, operation);
  const held: Held[] = [];
  const left = demands.map((demand) => {
    if (demand.counter === "rate") return model.rates.take(app, demand);
    const amount = amountOf(demand, granted ?? 0, bytes ?? 0);
    const free = freeIn(model, app, demand) - amount;
    const one = model.counters.hold(app, demand, amount, credential && credential.expiresAt + HOUR);
    held.push(one);
    return free;
  });
  model.entries.set(id, { app, owner, held, receipt: operation.receipt });
  const lease = `${app} ${owner}`;
  if (!model.leases.has(lease)) model.leases.set(lease, now + 45 * SECOND);
  return {
    kind: "reserved",
    left,
    ...(granted === undefined ? {} : { granted }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

function refusalIn(
  model: Model,
  app: string,
  demand: CounterDemand,
  least: number,
): Refused | undefined {
  if (demand.counter === "rate") {
    const waitMs = model.rates.wait(app, demand);
    return waitMs > 0 ? { kind: "refused", code: "rate_limited", waitMs } : undefined;
  }
  const need = amountOf(demand, least, 1);
  if (freeIn(model, app, demand) >= need) return undefined;
  const { settled } = model.counters.sums(app, demand);
  if (demand.counter === "concurrent") return refused("too_many_concurrent", SECOND);
  if (demand.counter === "uses") return refused("uses_exhausted");
  const isFinal = settled + need > demand.limit;
  return isFinal ? refused(`${demand.counter}_exhausted`) : refused("budget_reserved", SECOND);
}

function withExpired(model: Model, app: string, refusal: Refused): Refused {
  const expired = model.expired(app);
  const mayHelp = ["budget_reserved", "too_many_concurrent"].includes(refusal.code);
  return mayHelp && expired.length > 0 ? { ...refusal, expired } : refusal;
}

/** What is left of a limit. */
export function freeIn(model: Model, app: string, demand: AmountDemand): number {
  const { settled, reserved } = model.counters.sums(app, demand);
  return demand.limit - settled - reserved;
}

/** The largest cap, found by halving, that no demand forbids. */
function grantIn(model: Model, { app, demands, elastic }: ReserveOperation): number {
  const { least, most, isAsked } = elastic!;
  const budgets = demands.filter((demand) => "fixed" in demand && (demand.unit ?? 0) > 0);
  const fits = (k: number) =>
    budgets.every(
      (demand) => demand.counter !== "rate" && freeIn(model, app, demand) >= amountOf(demand, k, 0),
    );
  let [low, high] = [least, budgets.length === 0 ? least : 2 ** 52];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  if (budgets.length === 0) return most;
  const fair = low <= 4_096 ? low : Math.max(4_096, Math.floor(low / 2));
  return Math.max(least, Math.min(most, isAsked ? low : fair));
}

/** The next block of bytes. */
export function blockIn(
  model: Model,
  app: string,
  demands: readonly BytesDemand[],
): number | undefined {
  if (demands.length === 0) return undefined;
  const free = Math.max(0, Math.min(...demands.map((demand) => freeIn(model, app, demand))));
  const eighth = Math.floor(free / 8);
  return Math.min(free, eighth < 4_096 ? 4_096 : eighth > 1_048_576 ? 1_048_576 : eighth);
}

function refused(code: Refused["code"], waitMs?: number): Refused {
  return waitMs === undefined ? { kind: "refused", code } : { kind: "refused", code, waitMs };
}

function amountOf(demand: CounterDemand, k: number, bytes: number): number {
  if ("fixed" in demand) return demand.fixed + (demand.unit ?? 0) * k;
  return demand.counter === "bytes" ? bytes : 1;
}
