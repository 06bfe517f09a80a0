import { Presets, SingleBar } from 'cli-progress';

/** A line for the person at the terminal; standard output is kept for results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A progress bar on standard error; silent where that is not a terminal. */
export interface Progress {
  update(done: number, note: string): void;
  stop(): void;
}

/** Starts a bar with rate and time left. */
export function progressBar(title: string, total: number): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    { format: `${title} {bar} {value}/{total}  {eta_formatted} left  {note}`, stream: process.stderr, etaBuffer: 20 },
    Presets.shades_classic,
  );
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note) => {
      bar.update(done, { note });
    },
    stop: () => {
      bar.stop();
    },
  };
}
