import { describe, expect, test } from "bun:test";
import { shareLimits } from "../../../lib/config/share_limits.ts";
import { APP, ROUTE, settingsOfFile } from "./configured.ts";

/** Settings in which this limit stands everywhere. */
function limitedTo(limit: number | undefined) {
  const max = limit === undefined ? {} : { max_connections: limit };
  return settingsOfFile({
    ...max,
    app: [{ ...APP, ...max, upstream: [{ url: "https://a.example/", ...max }] }],
    route: [{ ...ROUTE, ...max }],
  });
}

describe("shareLimits", () => {
  test.each([
    [1, 1, 1],
    [7, 1, 7],
    [8, 4, 2],
    [9, 4, 3],
    [1, 4, 1],
    [3, 2, 2],
    [2000, 3, 667],
    [undefined, 4, undefined],
  ])("of %p among %p workers is %p, for each limit", (limit, workers, share) => {
    expect(shareLimits(limitedTo(limit), workers)).toEqual(limitedTo(share));
  });
});
