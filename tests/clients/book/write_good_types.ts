// write-good has no types of its own.
declare module "write-good" {
  export default function writeGood(
    text: string,
    rules?: Readonly<Record<string, boolean>>,
  ): { index: number; offset: number; reason: string }[];
}
