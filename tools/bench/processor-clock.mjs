/**
 * Loaded before a program (`node --import`), makes its `performance.now` count the processor time of the process, user
 * and system, instead of the time that passes: every duration that the program then reports is processor time, which
 * other work on the machine does not lengthen. At the end it writes what the process used to the file that
 * `PROCESSOR_CLOCK_REPORT` names: seconds of processor time from its start on, and the most memory in MiB.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

performance.now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const { PROCESSOR_CLOCK_REPORT: report } = process.env;
if (isMainThread && report !== undefined) {
  delete process.env.PROCESSOR_CLOCK_REPORT; // a child process must not write over it
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(report, JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 }));
  });
}
