// Loaded before the gateway (`--preload`): its clock is ahead by SHIFT_SECONDS.
const shift = Number(process.env["SHIFT_SECONDS"]) * 1000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...args: []) {
    super(...((args.length > 0 ? args : [RealDate.now() + shift]) as []));
  }
  static override now(): number {
    return RealDate.now() + shift;
  }
} as DateConstructor;
