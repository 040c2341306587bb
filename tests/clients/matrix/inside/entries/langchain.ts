import { LANGCHAIN } from "../langchain.ts";
import { start } from "../start.ts";

start(LANGCHAIN);
