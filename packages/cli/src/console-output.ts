import { performance } from 'node:perf_hooks';
import { durationText } from '@pffnet/experiments/progress-table';
import type { Listener, Progress } from '@pffnet/structures';
import { say } from './say.ts';

export { say };

const BAR_WIDTH = 24;
/** Milliseconds after which a line is due where there is no bar. */
const SILENCE = 60_000;

/**
 * Runs work that takes time under a progress bar, which goes away however the work ends. Without a terminal it says a line
 * at least every minute.
 * @param every - without a terminal also says a line at the first update and at those that this number divides.
 */
export async function withProgress<Result>(
  title: string,
  total: number,
  work: (progress: Progress) => Promise<Result>,
  every = Infinity,
): Promise<Result> {
  if (!process.stderr.isTTY) return work(progressLines(title, total, every));
  const { Presets, SingleBar } = await import('cli-progress');
  const stream = process.stderr;
  // The line stays shorter than the terminal, and the terminal's settings as they are: nothing is left to mend when
  // Ctrl-C ends the process before the bar is done.
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

/** The person at the terminal. */
export const terminal: Listener = { say, follow: withProgress };

/** Progress as lines of their own. The time left goes by the mean pace since the first update. */
function progressLines(title: string, total: number, every: number): Progress {
  let last = performance.now();
  let first: { readonly done: number; readonly time: number } | undefined;
  const timeLeft = (done: number, now: number): string => {
    if (first === undefined || done === first.done || done === total) return '';
    const pace = (now - first.time) / (done - first.done);
    return `, about ${durationText(((total - done) * pace) / 1000)} left`;
  };
  return {
    update: (done, note) => {
      const now = performance.now();
      const due = now - last >= SILENCE || (Number.isFinite(every) && (first === undefined || done % every === 0));
      if (due) {
        say(`${title} ${done} of ${total}${timeLeft(done, now)}: ${note}`);
        last = now;
      }
      first ??= { done, time: now };
    },
    say,
  };
}
