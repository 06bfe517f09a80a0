import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type PlannedRun, progressTable, type RunProgress, runStatus, statusText } from '@pffnet/experiments';
import { createLogUpdate } from 'log-update';
import { say } from './console-output.ts';

/** Between two looks at the run folders, in milliseconds. */
const LOOK = 1000;

/** Reads how far every run is. */
export async function progressOf(runs: readonly PlannedRun[], out: string): Promise<RunProgress[]> {
  const progress = [];
  for (const run of runs) progress.push({ run, status: await runStatus(join(out, run.id)) });
  return progress;
}

/**
 * Shows how runs go while work is done: a live table on a terminal, else a line whenever a run begins or ends. It reads the
 * run folders, so that it sees runs of this machine, of a cluster and of other hosts alike.
 * @param news - asked at every look for a line to add, or nothing.
 */
export async function watchRuns(
  runs: readonly PlannedRun[],
  out: string,
  work: Promise<void>,
  news: () => string = () => '',
): Promise<RunProgress[]> {
  let ended = false;
  const end = work.finally(() => {
    ended = true;
  });
  const stream = process.stderr;
  const draw = stream.isTTY ? createLogUpdate(stream, { showCursor: true }) : undefined;
  const said = new Map<string, string>();
  let progress = await progressOf(runs, out);
  // A run that somebody is at work on already is said: it is waited for.
  for (const { run, status } of progress) if (status.kind !== 'running') said.set(run.id, status.kind);
  let [older, newer] = ['', ''];
  while (!ended) {
    await Promise.race([end, wait(LOOK)]);
    progress = await progressOf(runs, out);
    [older, newer] = [newer, news()];
    if (draw === undefined) {
      if (newer !== older && newer !== '') say(newer);
      sayChanges(progress, said);
      continue;
    }
    const lines = [...progressTable(progress, stream.rows - 1), newer];
    draw(lines.map((line) => line.slice(0, stream.columns - 1)).join('\n'));
  }
  draw?.done();
  await end;
  return progress;
}

function sayChanges(progress: readonly RunProgress[], said: Map<string, string>): void {
  for (const entry of progress) {
    const { run, status } = entry;
    if (said.get(run.id) === status.kind) continue;
    said.set(run.id, status.kind);
    say(`${run.id}: ${statusText(entry)}`);
  }
}
