const WHOLE = new Intl.NumberFormat("en");
const CENTS = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
// The cost of a small request has many zeros. An exponent would be hard to read.
const LESS = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** A whole number with separators. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** A number with as many digits as it needs. */
export function short(value: number): string {
  return value >= 100 ? whole(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** US dollars. */
export function dollars(value: number): string {
  return `$${(value >= 1 ? CENTS : LESS).format(value)}`;
}

/** Milliseconds, or a dash for none. */
export function milliseconds(value: number | null): string {
  if (value === null) return "–";
  return value < 1000 ? `${short(value)} ms` : `${short(value / 1000)} s`;
}

/** A time of RFC 3339, as this machine shows times. */
export function time(text: string): string {
  return new Date(text).toLocaleString();
}

/** How long something lasts, in seconds. */
export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}
