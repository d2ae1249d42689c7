import { readFileSync } from "node:fs";

const pollMillis = 200;

/**
 * Calls `onLost` when whoever started us is gone without having told us.
 *
 * npm runs a script through a shell and passes a signal to that shell, which dies of it and passes nothing on: without
 * this, `kill` on `npm start` would leave a server running that nobody sees. Started in any other way we stay, as
 * every program does.
 */
export function watchAncestors(onLost) {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const npm = readParent(shell);
  const timer = setInterval(() => {
    if (process.ppid === shell && (npm === undefined || readParent(shell) === npm)) return;
    clearInterval(timer);
    onLost();
  }, pollMillis);
  timer.unref();
}

/** Known only where there is a /proc; elsewhere we notice the death of the shell and not that of npm itself. */
function readParent(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program comes second, in brackets, and may itself hold blanks and brackets.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
