import { expect, test } from "bun:test";
import { compareWithModel } from "../../../support/ledger/compare_with_model.ts";
import { sqliteSubject } from "../../../support/ledger/sqlite_subject.ts";

test("the SQLite store does what the model does, for random commands and starts", async () => {
  expect(await compareWithModel(sqliteSubject, { seconds: 8 })).toBeGreaterThan(50);
}, 60_000);
