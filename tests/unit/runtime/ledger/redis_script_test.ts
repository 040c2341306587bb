import { describe, expect, test } from "bun:test";
import { NotExecutedError } from "../../../../lib/gateway/ledger/store.ts";
import { OpenedStore, useOf } from "../../../support/ledger/redis/opened_store.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";

// Longer than it takes until a token that is dated ahead is newer than a birth.
const AFTER_BIRTH_MS = 200;

describe.each(await storePrograms())("$name:", (program) => {
  test("all of 1,000 reservations of a process that has ended are charged, whatever they are of", async () => {
    await using server = await StoreServer.start({ program });
    using store = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    const ids = Array.from({ length: 1_000 }, (_, index) => String(index));
    await Promise.all(ids.map((id) => store.reserve(id, [useOf(id)])));
    let charged = 0;
    for (let hasMore = true; hasMore;) {
      const swept = await store.sweep();
      expect(swept.count).toBeWithin(1, 101);
      charged += swept.count;
      ({ hasMore } = swept);
    }
    expect(charged).toBe(1_000);
    expect(await store.amounts("999")).toEqual({ uses: [1, 0] });
  });
});
