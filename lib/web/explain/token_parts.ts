import type { TokenExplanation } from "../../signing/explain.ts";
import { createElement, findElement, renderRows } from "./elements.ts";

/** Shows what a token grants, and its parts; nothing when it is malformed. */
export function renderToken({ parts, life }: TokenExplanation): void {
  if (!parts) return;
  const { grants, id, subject, tokenId, audience, algorithm } = parts;
  const items = grants.map((grant) => createElement("li", grant));
  findElement("#grants ul").replaceChildren(...items);
  findElement("#grants").hidden = items.length === 0;
  findElement("#coloured").hidden = true;
  renderRows([
    ["Issuer", id],
    ["Subject", subject],
    ["Token id", tokenId],
    ["Audience", audience && `${audience.join(", ")} (not checked)`],
    ["Not before", life?.notBefore],
    ["Algorithm", algorithm],
  ]);
  findElement("#parts").hidden = false;
}
