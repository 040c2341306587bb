import * as genai from "genai-2";
import { googleSubject } from "../google.ts";
import { start } from "../start.ts";

start(googleSubject(genai));
