import type { Texts } from "./index.ts";

export default [] as Texts;
