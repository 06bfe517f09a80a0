import { Presets, SingleBar } from 'cli-progress';

/** A line for the person at the terminal; standard output is kept for results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A bar with rate and time left on standard error; silent where that is not a terminal. */
export interface Progress {
  /** @param note - said beside the bar: what is being done, and how it goes. */
  update(done: number, note: string): void;
  /** Says a line above the bar. */
  say(line: string): void;
}

const BAR_WIDTH = 24;

/** Runs work that takes time under a progress bar, which goes away however the work ends. */
export async function withProgress<Result>(
  title: string,
  total: number,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  if (!process.stderr.isTTY) return work({ update: () => undefined, say });
  const stream = process.stderr;
  // The line stays shorter than the terminal, and the terminal's settings as they are: nothing is left to mend when
  // Ctrl-C ends the process in the midst of it.
  const room = Math.max(0, stream.columns - title.length - BAR_WIDTH - 32);
  const format = `${title} {bar} {value}/{total}  {eta_formatted} left  {note}`;
  const settings = { format, stream, barsize: BAR_WIDTH, etaBuffer: 20, fps: 4, linewrap: true, gracefulExit: false };
  const bar = new SingleBar(settings, Presets.shades_classic);
  bar.start(total, 0, { note: '' });
  try {
    return await work({
      update: (done, note) => {
        bar.update(done, { note: note.slice(0, room) });
      },
      say: (line) => {
        stream.cursorTo(0);
        stream.clearLine(0);
        say(line);
        bar.render();
      },
    });
  } finally {
    bar.stop();
  }
}
