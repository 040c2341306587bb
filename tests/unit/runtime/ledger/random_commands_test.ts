import { expect, test } from "bun:test";
import { compareWithModel } from "../../../support/ledger/compare_with_model.ts";
import { sqliteSubject } from "../../../support/ledger/sqlite_subject.ts";

test("the SQLite store does what the model does, for random commands and starts", async () => {
  expect(await compareWithModel(sqliteSubject, { count: 120 })).toBe(120);
}, 120_000);
