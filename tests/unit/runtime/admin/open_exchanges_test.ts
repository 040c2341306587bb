import { expect, test } from "bun:test";
import { REVOCATION_ENDPOINTS } from "../../../../lib/runtime/admin/api/revocation_endpoints.ts";

const since = "2026-12-01T12:00:00.000Z";
const IDS = ["b", "d", "a", "c"];

test("what is open has one order, also what began at the same moment", async () => {
  const { handle } = REVOCATION_ENDPOINTS.find(({ path }) => path === "/api/exchanges")!;
  const idsOf = async (ids: readonly string[]) => {
    const exchanges = ids.map((id) => ({ request_id: id, since }));
    const processes = async () => [{ open: ids.length, exchanges }];
    const answer = await handle({ processes } as never, { query: {}, body: {}, id: "" });
    return (answer as { exchanges: { request_id: string }[] }).exchanges.map(
      ({ request_id: id }) => id,
    );
  };
  expect(await idsOf(IDS)).toEqual(["a", "b", "c", "d"]);
  // The last one takes the place of one that ends.
  expect(await idsOf(IDS.toReversed())).toEqual(["a", "b", "c", "d"]);
});
