import {
  atomic,
  type Code,
  doWhile,
  drop,
  forever,
  forRange,
  i32,
  i64,
  type Local,
  sequence,
  when,
} from '../assembler/code.ts';
import { call, type Callee, type Declare, type ModuleBuilder } from '../assembler/module-builder.ts';

/*
 * A job is a kernel, its arguments and a number of tasks, shared by the main thread and workers asleep on shared memory.
 * The ticket holds the job's number (high half) and how many tasks nobody has taken (low half). A task is taken by
 * exchanging the ticket, which fails once another job has begun: a late worker can never run a task of a job that ended.
 * The main thread works too, so a job ends even if no worker wakes. Which thread does a task changes no number.
 */
const TICKET = 0;
const DONE = 8;
const KERNEL = 12;
const ARGUMENTS = 16;
const TASKS = 20;
const JOB_NUMBER = 24;

/** Bytes of the block that the threads share. It must start as zeros. */
export const TEAM_BYTES = 64;

/** How often a thread looks for work before it sleeps; waking it takes longer than these looks. */
const LOOKS = 4000;

/** Writes `run(team, kernel, args, tasks)`, `runAlone(kernel, args, tasks)` and `serve(team, thread)`. Kernels are numbered in the order given. */
export function team(module: ModuleBuilder, kernels: readonly Callee[]): void {
  const dispatch = (kernel: Local, ...args: Local[]): Code =>
    sequence(...kernels.map((callee, index) => when(i32.eq(kernel, index), call(callee, ...args))));

  const take = module.func('takeTasks', ['i32', 'i32'], (declare, block, thread) => {
    const [ticket, kernel, args, tasks, task] = takeLocals(declare);
    const oneTask = sequence(
      kernel.set(i32.load(block, KERNEL)),
      args.set(i32.load(block, ARGUMENTS)),
      tasks.set(i32.load(block, TASKS)),
      when(
        i64.eq(i64.atomicExchange(block, ticket, i64.sub(ticket, i64.const(1))), ticket),
        sequence(
          task.set(i32.sub(tasks, task)),
          dispatch(kernel, args, task, thread),
          when(i32.eq(i32.add(i32.atomicAdd(block, 1, DONE), 1), tasks), drop(atomic.wakeAll(i32.add(block, DONE)))),
        ),
      ),
    );
    return doWhile(
      sequence(
        ticket.set(i64.atomicLoad(block, TICKET)),
        task.set(i32.fromI64(ticket)),
        when(task, oneTask),
        ticket.set(i64.atomicLoad(block, TICKET)),
      ),
      i32.ne(i32.fromI64(ticket), 0),
    );
  });

  module.func('run', ['i32', 'i32', 'i32', 'i32'], (declare, block, kernel, args, tasks) => {
    const [number, done, looks] = [declare('i32'), declare('i32'), declare('i32')];
    return sequence(
      i32.store(block, kernel, KERNEL),
      i32.store(block, args, ARGUMENTS),
      i32.store(block, tasks, TASKS),
      i32.atomicStore(block, 0, DONE),
      number.set(i32.add(i32.load(block, JOB_NUMBER), 1)),
      i32.store(block, number, JOB_NUMBER),
      i64.atomicStore(block, i64.or(i64.shl(i64.fromI32(number), i64.const(32)), i64.fromI32(tasks)), TICKET),
      drop(atomic.wakeAll(block)),
      call(take, block, 0),
      doWhile(
        sequence(
          looks.set(LOOKS),
          doWhile(
            sequence(done.set(i32.atomicLoad(block, DONE)), looks.increase(-1)),
            i32.and(i32.ne(looks, 0), i32.ne(done, tasks)),
          ),
          when(i32.ne(done, tasks), atomic.sleep32(i32.add(block, DONE), done)),
        ),
        i32.ne(done, tasks),
      ),
    );
  });

  module.func('runAlone', ['i32', 'i32', 'i32'], (declare, kernel, args, tasks) => {
    const [task, thread] = [declare('i32'), declare('i32')];
    return forRange(task, 0, tasks, dispatch(kernel, args, task, thread));
  });

  module.func('serve', ['i32', 'i32'], (declare, block, thread) => {
    const ticket = declare('i64');
    const looks = declare('i32');
    return forever(
      sequence(
        call(take, block, thread),
        looks.set(LOOKS),
        doWhile(
          sequence(ticket.set(i64.atomicLoad(block, TICKET)), looks.increase(-1)),
          i32.and(i32.ne(looks, 0), i32.isZero(i32.fromI64(ticket))),
        ),
        when(i32.isZero(i32.fromI64(ticket)), atomic.sleep64(i32.add(block, TICKET), ticket)),
      ),
    );
  });
}

const takeLocals = (declare: Declare): [Local, Local, Local, Local, Local] => [
  declare('i64'),
  declare('i32'),
  declare('i32'),
  declare('i32'),
  declare('i32'),
];
