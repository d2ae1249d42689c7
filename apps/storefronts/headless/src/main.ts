import "./styles.css";
import { announce } from "./dom.ts";

try {
  await import("./shop.ts");
} catch (error) {
  console.error(error);
  announce("The Tollgate server is not running. Start it, and reload this page.", "bad");
}
