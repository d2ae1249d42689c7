import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** The environment of everything we start: whatever it calls `node` is the Node that runs us. */
export function childEnvironment(extra = {}) {
  const ours = dirname(process.execPath);
  const path = process.env.PATH ?? "";
  return {
    ...process.env,
    PATH: path.split(delimiter)[0] === ours ? path : `${ours}${delimiter}${path}`,
    ...extra,
  };
}

/**
 * Runs a program to its end and keeps what it says.
 *
 * @param {string[]} command
 * @param {{ cwd?: string, env?: Record<string, string>, echo?: boolean }} [options] `echo` also shows the output as it comes
 * @returns {Promise<{ ok: boolean, output: string }>} never rejects: a program that cannot be started is not ok
 */
export function run([program, ...args], { cwd, env, echo = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: childEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
      // npm is a batch file there, which only a shell can start.
      shell: process.platform === "win32",
    });
    let output = "";
    const keep = (stream) => (chunk) => {
      output = `${output}${chunk}`.slice(-200_000);
      if (echo) stream.write(chunk);
    };
    child.stdout.on("data", keep(process.stdout));
    child.stderr.on("data", keep(process.stderr));
    child.on("error", (error) => resolve({ ok: false, output: `${program}: ${error.message}` }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** The npm that called us, else the one on the path; run by our own Node, which it may need to be recent. */
export function npmCommand() {
  const caller = process.env.npm_execpath ?? "";
  return /npm-cli\.[cm]?js$/.test(caller) ? [process.execPath, caller] : ["npm"];
}
