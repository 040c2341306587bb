import type { JsonNumber } from "../../../signing/verify.ts";

/** A number as digits times a power of ten. */
interface Decimal {
  digits: bigint;
  exponent: number;
}

// Longer numbers are written by nobody, and cost more than they are worth.
const MAX_LENGTH = 400;

/**
 * Whether a number is a multiple of another, by exact decimal arithmetic: 0.3 is one of 0.1.
 *
 * @param value of the instance
 * @param divisor greater than 0
 * @returns `false` too when a number has more than 400 characters
 */
export function isMultiple(value: number | JsonNumber, divisor: number | JsonNumber): boolean {
  const [a, b] = [decimalOf(value), decimalOf(divisor)];
  if (!a || !b) return false;
  if (a.digits === 0n) return true;
  const shift = a.exponent - b.exponent;
  if (shift >= 0) return (a.digits * powerOfTen(shift, b.digits)) % b.digits === 0n;
  // A number with fewer digits than this power of ten is no multiple of it.
  if (-shift > MAX_LENGTH) return false;
  return a.digits % (b.digits * 10n ** BigInt(-shift)) === 0n;
}

/**
 * Whether a number has no fraction, as `1.0` and `1e3`.
 *
 * @param value of the instance
 */
export function isWhole(value: number | JsonNumber): boolean {
  return Number.isInteger(Number(value));
}

function decimalOf(value: number | JsonNumber): Decimal | undefined {
  const text = typeof value === "number" ? String(value) : value.text;
  if (text.length > MAX_LENGTH) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = BigInt(whole + fraction);
  return {
    digits: sign === "-" ? -digits : digits,
    exponent: Number(exponent) - fraction.length,
  };
}

/** 10^exponent modulo a number, so that no exponent costs much. */
function powerOfTen(exponent: number, modulus: bigint): bigint {
  let [result, base, rest] = [1n % modulus, 10n % modulus, exponent];
  while (rest > 0) {
    if (rest % 2 === 1) result = (result * base) % modulus;
    base = (base * base) % modulus;
    rest = Math.floor(rest / 2);
  }
  return result;
}
