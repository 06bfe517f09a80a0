/** A line for the person at the terminal; standard output is kept for results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
