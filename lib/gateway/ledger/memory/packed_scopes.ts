import type { ScopeRow } from "../algorithm/rows.ts";
import type { Scope } from "../forms/scope.ts";
import { Names } from "./names.ts";
import { type PackedKey, PackedStorage } from "./packed_storage.ts";
import type { ScopeTable } from "./table_rows.ts";

// Each of them grows by itself, so that no call copies more than a small part of a million scopes. A power of
// two.
const PARTS = 256;

/** The counters of all scopes in memory, for a million of them and more: no call takes long, and no object is kept. */
export class PackedScopes implements ScopeTable {
  readonly #parts: (PackedStorage | undefined)[] = Array.from({ length: PARTS });
  readonly #apps = new Names();
  readonly #counters = new Names();
  // Nobody can choose names whose hashes meet.
  readonly #seed = crypto.getRandomValues(new Int32Array(1))[0]!;
  // The scope that was asked for last. Most demands are in the same scope as the one before.
  #lastApp: string | undefined;
  #last: PackedKey = { app: 0, scope: "", hash: 0 };
  #lastAt = -1;

  /** The number of scopes with counters, expired ones included. */
  get size(): number {
    return this.#parts.reduce((sum, part) => sum + (part?.size ?? 0), 0);
  }

  get(app: string, scope: Scope, now: number): ScopeRow | undefined {
    const at = this.#find(app, scope);
    return at < 0 ? undefined : this.#parts[this.#last.hash & (PARTS - 1)]!.read(at, now);
  }

  set(app: string, scope: Scope, row: ScopeRow, now: number): void {
    let at = this.#find(app, scope);
    const key = this.#last;
    const number = key.hash & (PARTS - 1);
    let part = (this.#parts[number] ??= new PackedStorage(this.#counters));
    if (at < 0) at = part.add(key);
    if (at < 0 || !part.write(at, row)) {
      part = this.#parts[number] = part.grown(now, { scope, row });
      at = part.find(key);
      if (at < 0) at = part.add(key);
      part.write(at, row);
    }
    this.#lastAt = at;
  }

  delete(app: string, scope: Scope): void {
    const at = this.#find(app, scope);
    if (at >= 0) this.#parts[this.#last.hash & (PARTS - 1)]!.clear(at);
  }

  #find(app: string, scope: Scope): number {
    if (scope === this.#last.scope && app === this.#lastApp) return this.#lastAt;
    const number = app === this.#lastApp ? this.#last.app : this.#apps.numberOf(app);
    this.#lastApp = app;
    this.#last = { app: number, scope, hash: hashOf(scope, this.#seed ^ number) };
    this.#lastAt = this.#parts[this.#last.hash & (PARTS - 1)]?.find(this.#last) ?? -1;
    return this.#lastAt;
  }
}

/**
 * FNV-1a (draft-eastlake-fnv) from a seed, and the last steps of MurmurHash3.
 *
 * @throws RangeError for a name that is not in ASCII, of which a part would be lost
 */
function hashOf(scope: string, seed: number): number {
  let hash = seed;
  let all = 0;
  for (let at = 0; at < scope.length; at++) {
    const code = scope.charCodeAt(at);
    all |= code;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  if (all > 0x7f) throw new RangeError("the name of a scope is not in ASCII");
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
