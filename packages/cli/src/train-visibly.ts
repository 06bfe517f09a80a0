import { type StepReport, train, type TrainingOutcome, type TrainingRequest } from '@pffnet/training';
import { scoreText } from '@pffnet/evaluation';
import { withProgress } from './console-output.ts';
import { stoppingAfter, untilInterrupted } from './until-interrupted.ts';

/**
 * Trains with a progress bar and a line per validation, until done or Ctrl-C. Without a terminal there is a line every so
 * many steps: the time left, seconds of this step, and its losses.
 */
export function trainVisibly(request: Omit<TrainingRequest, 'signal' | 'onValidation'>): Promise<TrainingOutcome> {
  const { iterations } = request.network.config.training;
  return withProgress(
    'training',
    iterations,
    (progress) =>
      untilInterrupted(stoppingAfter('step'), (signal) =>
        train({
          ...request,
          signal,
          onStep: (report) => {
            request.onStep?.(report);
            progress.update(report.step, stepText(report));
          },
          onValidation: ({ step, aji, dice, f1, pq, best }) => {
            if (request.validation.length === 0) return;
            const scores = `AJI ${scoreText(aji)}, Dice ${scoreText(dice)}, F1 ${scoreText(f1)}, PQ ${scoreText(pq)}`;
            progress.say(`step ${step} of ${iterations}: validation ${scores}${best ? ', the best so far' : ''}`);
          },
        }),
      ),
    stepsBetweenLines(iterations),
  );
}

/** The total first: on a narrow terminal the rest is cut off. */
function stepText({ seconds, losses: { total, ...terms } }: StepReport): string {
  const parts = Object.entries(terms).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  return `${seconds.toFixed(2)} s/step, loss ${total.toFixed(3)} (${parts.join(', ')})`;
}

/** About twenty lines a run, at round numbers of steps: 1, 2 or 5 times a power of ten. */
export function stepsBetweenLines(iterations: number): number {
  const least = Math.max(1, iterations / 20);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}
