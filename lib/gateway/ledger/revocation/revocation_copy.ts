import type { Credential } from "../../model/grant.ts";
import {
  KEPT_EXPIRED_MS,
  type Revocation,
  revocationKey,
  type RevokedCredentials,
} from "./revocation.ts";

interface OfApp {
  tokens: Map<string, Revocation>;
  subjects: Map<string, Revocation>;
  before: Map<number, Revocation>;
}

interface Known {
  revocation: Revocation;
  /** The epoch in which the store was last known to have it. */
  epoch: string;
}

/** The copy of the revocations in a process. It answers at once. */
export class RevocationCopy {
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #apps = new Map<string, OfApp>();

  /** @param now returns the current time in milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The revocations in force. */
  get inForce(): Revocation[] {
    const all = [...this.#known.values()].map(({ revocation }) => revocation);
    return all.filter((revocation) => this.#holds(revocation));
  }

  /** Whether a revocation of just these credentials is in force. */
  isInForce(revoked: RevokedCredentials): boolean {
    return this.#holds(this.#known.get(revocationKey(revoked))?.revocation);
  }

  /**
   * Whether a credential is revoked. One whose time of issue is unknown counts as issued before any time.
   *
   * @param app the id of the app or route
   * @param credential of a request
   */
  isRevoked(app: string, credential: Credential): boolean {
    const revoked = this.#apps.get(app);
    if (!revoked || credential.scheme === "none") return false;
    const { tokenId, subject, issuedAt = -Infinity } = credential;
    if (tokenId !== undefined && this.#holds(revoked.tokens.get(tokenId))) return true;
    if (subject !== undefined && this.#holds(revoked.subjects.get(subject))) return true;
    for (const [before, revocation] of revoked.before) {
      if (issuedAt < before && this.#holds(revocation)) return true;
    }
    return false;
  }

  /**
   * Takes changes of the store over.
   *
   * @param changes of the store
   * @param epoch of the store
   */
  apply(changes: readonly Revocation[], epoch: string): void {
    for (const revocation of changes) {
      const key = revocationKey(revocation);
      const found = this.#known.get(key)?.revocation;
      if (found && found.at > revocation.at) continue;
      this.#known.set(key, { revocation, epoch });
      this.#index(revocation);
    }
  }

  /**
   * Returns what the store is not known to have. What has expired long ago is forgotten.
   *
   * @param epoch of the store
   * @param most how many of them
   */
  missingIn(epoch: string, most: number): Revocation[] {
    this.#forgetOld();
    const missing: Revocation[] = [];
    for (const known of this.#known.values()) {
      if (missing.length === most) break;
      if (known.epoch === epoch) continue;
      missing.push(known.revocation);
    }
    return missing;
  }

  #index(revocation: Revocation): void {
    const { app, token, subject, before } = revocation;
    let found = this.#apps.get(app);
    if (!found) {
      found = { tokens: new Map(), subjects: new Map(), before: new Map() };
      this.#apps.set(app, found);
    }
    if (token !== undefined) found.tokens.set(token, revocation);
    else if (subject !== undefined) found.subjects.set(subject, revocation);
    else if (before !== undefined) found.before.set(before, revocation);
  }

  #holds(revocation: Revocation | undefined): boolean {
    return revocation !== undefined && !revocation.isLifted && revocation.until > this.#now();
  }

  #forgetOld(): void {
    const expired = this.#now() - KEPT_EXPIRED_MS;
    for (const [key, { revocation }] of this.#known) {
      if (revocation.until > expired) continue;
      this.#known.delete(key);
      const { app, token, subject, before } = revocation;
      const found = this.#apps.get(app);
      if (token !== undefined) found?.tokens.delete(token);
      else if (subject !== undefined) found?.subjects.delete(subject);
      else if (before !== undefined) found?.before.delete(before);
    }
  }
}
