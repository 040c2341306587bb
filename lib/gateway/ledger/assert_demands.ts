import { amountName, type CounterDemand, type Elastic } from "./demand.ts";
import { MAX_AMOUNT } from "./forms/counter.ts";
import { rateName } from "./forms/rate.ts";
import { isCredentialScope } from "./forms/scope.ts";
import type { CountedRequest } from "./ledger.ts";

/**
 * Checks what a caller demands. A mistake here would let a counter go over its limit.
 *
 * @param request of the caller
 * @throws RangeError for a number that is no amount, for two demands of one counter, and for a demand in the scope
 *   of a credential without the times of the credential
 */
export function assertDemands({ demands, elastic, credential }: CountedRequest): void {
  if (elastic) assertElastic(elastic);
  for (let index = 0; index < demands.length; index++) {
    const demand = demands[index]!;
    assertNumbers(demand);
    if (!credential && isCredentialScope(demand.scope)) {
      throw new RangeError(
        "a demand in the scope of a credential needs the times of the credential",
      );
    }
    for (let other = 0; other < index; other++) {
      if (isOneCounter(demands[other]!, demand)) {
        throw new RangeError("two demands are of one counter: combine their limits");
      }
    }
  }
}

function assertElastic({ least, most }: Elastic): void {
  if (!isAmount(least) || !isAmount(most) || most < least) {
    throw new RangeError("an elastic demand needs integers with least ≤ most");
  }
}

function assertNumbers(demand: CounterDemand): void {
  if (demand.counter === "rate") return;
  const isBudget = "fixed" in demand;
  if (
    !isAmount(demand.limit) ||
    (isBudget && !(isAmount(demand.fixed) && isAmount(demand.unit ?? 0)))
  ) {
    throw new RangeError(`a demand of ${demand.counter} has a number that is no amount`);
  }
}

function isAmount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_AMOUNT;
}

function isOneCounter(one: CounterDemand, other: CounterDemand): boolean {
  if (one.counter !== other.counter || one.scope !== other.scope) return false;
  return counterName(one) === counterName(other);
}

function counterName(demand: CounterDemand): string {
  return demand.counter === "rate" ? rateName(demand.limit) : amountName(demand);
}
