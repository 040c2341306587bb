import { takeTurns } from "./take_turns.ts";

/** The turn of this process. */
export const turn = takeTurns();
