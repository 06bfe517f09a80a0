/** The process that holds the lock of a run. */
export interface RunHolder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

/** A holder for people. */
export const nameOf = ({ host, pid }: RunHolder): string => `process ${pid} on ${host}`;

/** Tokens of the locks that this process holds or is acquiring. */
export const aliveHere = new Set<string>();

/** Whether a process of this host that holds a lock lives. */
export function isAlive({ pid, token }: RunHolder): boolean {
  // After a container restarts, a dead process may have had our own number.
  if (pid === process.pid) return aliveHere.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
