import type { ListMistakes } from "./mistake.ts";
import { secretVariants } from "./secret_variants.ts";

const DAY_MS = 86_400_000;

/** Mistakes with the secret, and with the day that the key is derived for. */
export const mistakesInSecret: ListMistakes = function* (received, { others = [] }) {
  const { url } = received;
  for (const [code, secrets, detail] of secretVariants(url.id, received.secrets, others)) {
    yield [code, { secrets }, detail];
  }
  for (const days of [-1, 1]) {
    const day = new Date(url.signedAt + days * DAY_MS).toISOString().slice(0, 10);
    yield ["scope_day", { scope: day.replaceAll("-", "") }, day];
  }
};
