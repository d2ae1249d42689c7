/**
 * A reason why the server cannot start that its operator can act on.
 *
 * `message` is one complete sentence in plain words. Whoever starts the process prints it without a stack trace and
 * exits with a non-zero code; every other error at start-up is a defect of ours and keeps its trace.
 */
export class StartError extends Error {
  override readonly name = "StartError";
}
