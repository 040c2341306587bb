/** What somebody might add to each request without thinking of what it costs. */
export const PLANTED = {
  nothing() {},
  "a copy of headers"() {
    new Headers(headers);
  },
  "a parsed URL"() {
    URL.parse(url);
  },
  "a timer"() {
    clearTimeout(setTimeout(PLANTED.nothing, 1000));
  },
};

/** One of them. */
export type Planted = keyof typeof PLANTED;

const headers = new Headers({ accept: "*/*", "user-agent": "Mozilla/5.0" });
const url = "https://api.test/v1/items?page=1";
