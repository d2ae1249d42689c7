export * from "./core/index.ts";
export * from "./ui/index.ts";
