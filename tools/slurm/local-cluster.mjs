/**
 * A Slurm cluster of one node on this machine, for tests: munged, slurmctld and slurmd from Debian's packages, with keys,
 * state and logs in a folder of its own, listening on 127.0.0.1 alone. No database, no effect on /etc or on another Slurm.
 *
 *   sudo apt-get install slurm-wlm munge
 *   node tools/slurm/local-cluster.mjs start [folder]     prints the line to put into the shell
 *   node tools/slurm/local-cluster.mjs stop [folder]      ends the daemons and removes the folder
 *
 * `start` is safe to repeat. Root is needed: slurmd starts jobs as their owners.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, hostname, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const [action, given] = process.argv.slice(2);
const folder = resolve(given ?? join(tmpdir(), 'pffnet-slurm'));
const conf = join(folder, 'slurm.conf');
/** By this name tests know that the cluster is there to be disturbed. */
const cluster = 'pffnet-test';
/** In the order of starting. Debian puts daemons where a user's PATH does not look. */
const daemons = ['munged', 'slurmctld', 'slurmd'];
const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, SLURM_CONF: conf };

const pidFile = (daemon) => join(folder, `${daemon}.pid`);

/** The number of a daemon of ours that runs, or undefined. A number that another program has by now is not ours. */
function runningPid(daemon) {
  if (!existsSync(pidFile(daemon))) return undefined;
  const pid = readFileSync(pidFile(daemon), 'utf8').trim();
  if (!existsSync(`/proc/${pid}/cmdline`)) return undefined;
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(daemon) ? Number(pid) : undefined;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function configuration() {
  const host = hostname().split('.')[0];
  const [controllerPort, nodePort] = [await freePort(), await freePort()];
  const megabytes = Math.floor(totalmem() / 2 ** 20);
  return `ClusterName=${cluster}
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
# Bind to the addresses above, not to all of the machine's.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
AuthType=auth/munge
# A requeued job waits until its old credential has expired: two minutes, unless it is said to be seconds.
AuthInfo=socket=${join(folder, 'munge', 'socket')},cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=1
KillWait=5
# Two runs at a time, on one processor too.
SlurmdParameters=config_overrides
StateSaveLocation=${join(folder, 'state')}
SlurmdSpoolDir=${join(folder, 'spool')}
SlurmctldPidFile=${pidFile('slurmctld')}
SlurmdPidFile=${pidFile('slurmd')}
SlurmctldLogFile=${join(folder, 'slurmctld.log')}
SlurmdLogFile=${join(folder, 'slurmd.log')}
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${Math.max(2, availableParallelism())} RealMemory=${megabytes} State=UNKNOWN
PartitionName=local Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
}

function startDaemon(daemon, args) {
  if (runningPid(daemon) !== undefined) return;
  // They go into the background by themselves; a pipe that they inherit would never end.
  const output = join(folder, `${daemon}.start`);
  const file = openSync(output, 'w');
  const { status, error } = spawnSync(daemon, args, { env: environment, stdio: ['ignore', file, file] });
  closeSync(file);
  if (error?.code === 'ENOENT') throw new Error(`there is no ${daemon}; run: sudo apt-get install slurm-wlm munge`);
  if (status !== 0) throw new Error(`${daemon} did not start: ${readFileSync(output, 'utf8').trim()}`);
}

async function start() {
  if (process.getuid?.() !== 0) throw new Error('root is needed: slurmd starts jobs as their owners; use sudo');
  const munge = join(folder, 'munge');
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
  mkdirSync(munge, { recursive: true, mode: 0o755 });
  if (!existsSync(join(munge, 'key'))) writeFileSync(join(munge, 'key'), randomBytes(128), { mode: 0o400 });
  if (!existsSync(conf)) writeFileSync(conf, await configuration());
  startDaemon('munged', [
    `--key-file=${join(munge, 'key')}`,
    `--socket=${join(munge, 'socket')}`,
    `--seed-file=${join(munge, 'seed')}`,
    `--pid-file=${pidFile('munged')}`,
    `--log-file=${join(folder, 'munged.log')}`,
    '--num-threads=1',
  ]);
  startDaemon('slurmctld', ['-f', conf]);
  startDaemon('slurmd', ['-f', conf]);
  for (let tries = 0; tries < 60; tries++) {
    const { stdout } = spawnSync('sinfo', ['--noheader', '--format=%T'], { env: environment, encoding: 'utf8' });
    if (/^(idle|mixed|allocated)/.test(stdout.trim())) return;
    await wait(500);
  }
  throw new Error(`the node did not come up within 30 s; see ${folder}/*.log`);
}

async function stop() {
  if (!existsSync(folder)) return;
  if (!existsSync(conf) || !readFileSync(conf, 'utf8').startsWith(`ClusterName=${cluster}\n`)) {
    throw new Error(`${folder} is no folder of a cluster that start made`);
  }
  if (runningPid('slurmctld') !== undefined) {
    spawnSync('scancel', ['--me'], { env: environment, stdio: 'ignore', timeout: 10_000 });
    // Jobs have 5 s (KillWait) to save.
    for (let tries = 0; tries < 30; tries++) {
      const { stdout } = spawnSync('squeue', ['--noheader', '--states=R,CG'], { env: environment, encoding: 'utf8' });
      if (stdout === '') break;
      await wait(500);
    }
  }
  for (const daemon of [...daemons].reverse()) {
    const pid = runningPid(daemon);
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
    for (let tries = 0; tries < 100 && runningPid(daemon) !== undefined; tries++) await wait(100);
    const left = runningPid(daemon);
    if (left !== undefined) process.kill(left, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
}

try {
  switch (action) {
    case 'start':
      await start();
      console.log(`export SLURM_CONF=${conf}`);
      break;
    case 'stop':
      await stop();
      break;
    default:
      throw new Error('expected start or stop, and perhaps a folder');
  }
} catch (error) {
  console.error(`local-cluster: ${error.message}`);
  process.exitCode = 1;
}
