/** A reason to stop that the person at the terminal can act on; printed as one sentence, without a stack trace. */
export class SetupFailure extends Error {
  name = "SetupFailure";
}

/** Prints an error as it deserves and ends the process with a non-zero code. */
export function failWith(error) {
  if (error instanceof SetupFailure) {
    if (error.details) process.stderr.write(`\n${error.details.trimEnd()}\n`);
    process.stderr.write(`\n  ✗ ${error.message}\n\n`);
  } else {
    process.stderr.write(`${error?.stack ?? error}\n`);
  }
  process.exit(1);
}

/** Turns what the operating system or npm complained about into a sentence. `output` is shown when nothing fits. */
export function explain(doing, output) {
  const failure = new SetupFailure(`${doing} failed; the lines above say why.`);
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(output)) {
    failure.message = `${doing} failed because the package registry cannot be reached; connect this machine to the network and try again.`;
  } else if (/EACCES|EPERM|EROFS/.test(output)) {
    failure.message = `${doing} failed because this user may not write to the project's directory (${process.cwd()}); check who owns it.`;
  } else if (/ENOSPC|EDQUOT/.test(output)) {
    failure.message = `${doing} failed because the disk is full; make room and try again.`;
  } else {
    failure.details = output.split("\n").slice(-25).join("\n");
  }
  return failure;
}
