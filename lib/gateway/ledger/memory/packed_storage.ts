import type { ScopeRow } from "../algorithm/rows.ts";
import type { Names } from "./names.ts";
import { COUNTER_SIZE, isKept, readRow, writeRow } from "./packed_row.ts";

/** The key of a scope. */
export interface PackedKey {
  /** The number of its app. */
  app: number;
  /** The name of the scope, in ASCII. */
  scope: string;
  /** A hash of both, of 32 bits. */
  hash: number;
}

/** For how much there is room. */
interface Room {
  scopes: number;
  characters: number;
  counters: number;
}

// The numbers of an entry: the hash and the app of its key, where the characters of its key begin and end, where its
// counters begin, how many there are, and for how many there is room.
const HASH = 0;
const APP = 1;
const KEY = 2;
const KEY_END = 3;
const ROW = 4;
const COUNTERS = 5;
const CAPACITY = 6;
const ENTRY_SIZE = 7;

// A scope has about so many characters and counters at first.
const FIRST: Room = { scopes: 8, characters: 256, counters: 8 };

/**
 * Scopes and their counters in a few arrays of numbers: a hash table with linear probing. Nothing in it is an object,
 * so the garbage collector does not look at it, however many scopes there are. Its size is fixed; {@link grown} returns a
 * larger one.
 */
export class PackedStorage {
  /** How many scopes have counters, expired ones included. */
  size = 0;
  readonly #names: Names;
  // By the hash of the key: where its entry is, plus one.
  readonly #index: Int32Array;
  readonly #entries: Int32Array;
  readonly #characters: Uint8Array;
  readonly #numbers: Float64Array;
  #entriesEnd = 0;
  #charactersEnd = 0;
  #numbersEnd = 0;

  /**
   * @param names of counters
   * @param room for how much there is to be room
   */
  constructor(names: Names, room: Room = FIRST) {
    this.#names = names;
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(2 * room.scopes)));
    this.#entries = new Int32Array(ENTRY_SIZE * room.scopes);
    this.#characters = new Uint8Array(room.characters);
    this.#numbers = new Float64Array(COUNTER_SIZE * room.counters);
  }

  /** Returns where a scope is; -1: it is not here. */
  find(key: PackedKey): number {
    const mask = this.#index.length - 1;
    for (let slot = firstSlot(key.hash) & mask; ; slot = (slot + 1) & mask) {
      const at = this.#index[slot]! - 1;
      if (at < 0 || this.#isAt(at, key)) return at;
    }
  }

  /** Returns the counters of a scope; `undefined` when all of them are to be forgotten. */
  read(at: number, now: number): ScopeRow | undefined {
    const start = this.#entries[at + ROW]!;
    const end = start + COUNTER_SIZE * this.#entries[at + COUNTERS]!;
    if (!isKept(this.#numbers, start, end, now)) return undefined;
    return readRow(this.#numbers, start, end, this.#names);
  }

  /**
   * Adds a scope without counters.
   *
   * @param key of a scope that is not here
   * @returns where it is; -1: there is no room
   */
  add(key: PackedKey): number {
    const at = this.#entriesEnd;
    const { scope } = key;
    const end = this.#charactersEnd + scope.length;
    if (at === this.#entries.length || end > this.#characters.length) return -1;
    for (let index = 0; index < scope.length; index++) {
      this.#characters[this.#charactersEnd + index] = scope.charCodeAt(index);
    }
    this.#addEntry(key, end);
    return at;
  }

  /**
   * Replaces the counters of a scope.
   *
   * @param at where it is
   * @param row its counters
   * @returns whether there was room for them
   */
  write(at: number, row: ScopeRow): boolean {
    if (row.length > this.#entries[at + CAPACITY]! && !this.#makeRoom(at, row.length)) return false;
    writeRow(this.#numbers, this.#entries[at + ROW]!, row, this.#names);
    this.#setCount(at, row.length);
    return true;
  }

  /** Removes the counters of a scope. */
  clear(at: number): void {
    this.#setCount(at, 0);
  }

  /**
   * Returns a storage with what is not to be forgotten yet, and room for as much again.
   *
   * @param now milliseconds since the epoch
   * @param more what has to be added next
   */
  grown(now: number, more: { scope: string; row: ScopeRow }): PackedStorage {
    const room = { scopes: 1, characters: more.scope.length, counters: more.row.length };
    for (let at = 0; at < this.#entriesEnd; at += ENTRY_SIZE) {
      if (!this.#isKept(at, now)) continue;
      room.scopes++;
      room.characters += this.#entries[at + KEY_END]! - this.#entries[at + KEY]!;
      room.counters += this.#entries[at + COUNTERS]!;
    }
    const copy = new PackedStorage(this.#names, {
      scopes: Math.max(FIRST.scopes, 2 * room.scopes),
      characters: Math.max(FIRST.characters, 2 * room.characters),
      counters: Math.max(FIRST.counters, 2 * room.counters),
    });
    for (let at = 0; at < this.#entriesEnd; at += ENTRY_SIZE) {
      if (this.#isKept(at, now)) copy.#copy(this, at);
    }
    return copy;
  }

  #isAt(at: number, { app, scope, hash }: PackedKey): boolean {
    const entries = this.#entries;
    if (entries[at + HASH] !== hash || entries[at + APP] !== app) return false;
    const start = entries[at + KEY]!;
    if (entries[at + KEY_END]! - start !== scope.length) return false;
    for (let index = 0; index < scope.length; index++) {
      if (this.#characters[start + index] !== scope.charCodeAt(index)) return false;
    }
    return true;
  }

  #isKept(at: number, now: number): boolean {
    const start = this.#entries[at + ROW]!;
    return isKept(this.#numbers, start, start + COUNTER_SIZE * this.#entries[at + COUNTERS]!, now);
  }

  #addEntry({ app, hash }: { app: number; hash: number }, keyEnd: number): void {
    const at = this.#entriesEnd;
    const entries = this.#entries;
    entries[at + HASH] = hash;
    entries[at + APP] = app;
    entries[at + KEY] = this.#charactersEnd;
    entries[at + KEY_END] = keyEnd;
    this.#charactersEnd = keyEnd;
    this.#entriesEnd += ENTRY_SIZE;
    const mask = this.#index.length - 1;
    let slot = firstSlot(hash) & mask;
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = at + 1;
  }

  #makeRoom(at: number, counters: number): boolean {
    const start = this.#numbersEnd;
    const end = start + COUNTER_SIZE * counters;
    if (end > this.#numbers.length) return false;
    this.#entries[at + ROW] = start;
    this.#entries[at + CAPACITY] = counters;
    this.#numbersEnd = end;
    return true;
  }

  #setCount(at: number, count: number): void {
    const before = this.#entries[at + COUNTERS]!;
    this.#entries[at + COUNTERS] = count;
    if (before === 0 && count > 0) this.size++;
    if (before > 0 && count === 0) this.size--;
  }

  /** Adds an entry of another storage. */
  #copy(from: PackedStorage, source: number): void {
    const at = this.#entriesEnd;
    const entries = from.#entries;
    let end = this.#charactersEnd;
    for (let index = entries[source + KEY]!; index < entries[source + KEY_END]!; index++) {
      this.#characters[end++] = from.#characters[index]!;
    }
    this.#addEntry({ app: entries[source + APP]!, hash: entries[source + HASH]! }, end);
    const count = entries[source + COUNTERS]!;
    this.#makeRoom(at, count);
    const [start, copied] = [entries[source + ROW]!, this.#entries[at + ROW]!];
    for (let index = 0; index < COUNTER_SIZE * count; index++) {
      this.#numbers[copied + index] = from.#numbers[start + index]!;
    }
    this.#setCount(at, count);
  }
}

/** The lowest bits of the hash choose the storage. */
function firstSlot(hash: number): number {
  return hash >>> 8;
}
