import { describe, expect, test } from "bun:test";
import { formatRequestDate, parseRequestDate } from "../../../../lib/signing/sw1/request_date.ts";
import { outcomeOf, signedRequest } from "../draft.ts";

const dated = (date: string, scope = date.slice(0, 8)) =>
  signedRequest({ parameters: { "X-Sw-Date": date, "X-Sw-Credential": `my-id/${scope}` } });

// The clock stands where the date would be read to, so that nothing but its form refuses it.
const near = (date: string) => {
  const [, year = 0, month = 1, day = 1] = (/(\d{4})(\d\d)(\d\d)/.exec(date) ?? []).map(Number);
  const time = Date.UTC(year, month - 1, day);
  return { now: () => time, clockSkew: 3 * 86_400 };
};

describe("a date that is not a moment of the calendar is refused, though signed", () => {
  test.each([
    ["31 February", "20260231T000000Z"],
    ["30 February", "20260230T000000Z"],
    ["29 February of no leap year", "20260229T000000Z"],
    ["29 February 2100", "21000229T000000Z"],
    ["31 April", "20260431T000000Z"],
    ["day 0", "20261100T000000Z"],
    ["day 32", "20261232T000000Z"],
    ["month 0", "20260022T000000Z"],
    ["month 13", "20261322T000000Z"],
    ["hour 24", "20261122T240000Z"],
    ["hour 25", "20261122T250000Z"],
    ["minute 60", "20261122T096000Z"],
    ["second 60", "20261122T090860Z"],
    ["second 61", "20261122T090861Z"],
    ["the year 0", "00000101T000000Z"],
    ["the year 26", "00261122T090807Z"],
    ["a lower-case t", "20261122t090807Z"],
    ["a lower-case z", "20261122T090807z"],
    ["a blank for T", "20261122 090807Z"],
    ["an offset", "20261122T090807+0000"],
    ["a short offset", "20261122T090807+00"],
    ["no zone", "20261122T090807"],
    ["15 characters", "20261122T09080Z"],
    ["17 characters", "20261122T0908070Z"],
    ["milliseconds", "20261122T090807.123Z"],
    ["separators", "2026-11-22T09:08:07Z"],
    ["a blank before", " 20261122T090807Z"],
    ["a blank after", "20261122T090807Z "],
    ["a newline after", "20261122T090807Z\n"],
    ["a NUL after", "20261122T090807Z\0"],
    ["Arabic digits", "٢٠٢٦١١٢٢T٠٩٠٨٠٧Z"],
    ["full-width digits", "２０２６１１２２T０９０８０７Z"],
    ["a sign", "+0261122T090807Z"],
    ["seconds of the epoch", "1795338487"],
    ["the HTTP form", "Sun, 22 Nov 2026 09:08:07 GMT"],
    ["a word", "now"],
    ["nothing", ""],
  ])("%s", async (_, date) => {
    expect(await outcomeOf(dated(date, "20261122"), near(date))).toBe("date_malformed");
  });
});

describe("a scope that is not the date's day is refused, though signed", () => {
  test.each([
    ["the day before", "20261121"],
    ["the day after", "20261123"],
    ["another year", "20251122"],
    ["no day", "00000000"],
  ])("%s", async (_, scope) => {
    expect(await outcomeOf(dated("20261122T090807Z", scope))).toBe("scope_mismatch");
  });

  test("the day by the key and the date differ at midnight", async () => {
    const now = () => Date.UTC(2026, 10, 23);
    expect(await outcomeOf(dated("20261122T235959Z"), { now })).toBe("accepted");
    expect(await outcomeOf(dated("20261122T235959Z", "20261123"), { now })).toBe("scope_mismatch");
  });
});

describe("moments that exist are read", () => {
  test.each([
    ["20240229T000000Z", Date.UTC(2024, 1, 29)],
    ["20000229T235959Z", Date.UTC(2000, 1, 29, 23, 59, 59)],
    ["20261231T235959Z", Date.UTC(2026, 11, 31, 23, 59, 59)],
    ["19700101T000000Z", 0],
    ["19691231T235959Z", -1000],
    ["99991231T235959Z", Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])("%s", async (date, time) => {
    expect(parseRequestDate(date)).toBe(time);
    expect(formatRequestDate(new Date(time + 999))).toBe(date);
    expect(await outcomeOf(dated(date), { now: () => time })).toBe("accepted");
  });
});
