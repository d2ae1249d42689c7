const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Shows that a long step is under way: one line that lives on a terminal, two plain lines elsewhere.
 *
 * @template T
 * @param {string} title what is being done, as "Installing packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showProgress(title, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  const { stderr } = process;
  if (!stderr.isTTY) {
    stderr.write(`  ${title} …\n`);
    const result = await work();
    stderr.write(`  ${title}: done in ${seconds()}\n`);
    return result;
  }
  let frame = 0;
  const draw = () => {
    stderr.write(`\r\x1b[2K  ${frames[frame++ % frames.length]} ${title} \x1b[2m${seconds()}\x1b[22m`);
  };
  draw();
  const timer = setInterval(draw, 100);
  try {
    const result = await work();
    stderr.write(`\r\x1b[2K  \x1b[32m✓\x1b[39m ${title} \x1b[2m${seconds()}\x1b[22m\n`);
    return result;
  } catch (error) {
    stderr.write(`\r\x1b[2K  \x1b[31m✗\x1b[39m ${title}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
