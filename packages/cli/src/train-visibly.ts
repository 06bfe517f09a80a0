import { type TrainingOutcome, type TrainingRequest, train } from '@pffnet/training';
import { withProgress } from './console-output.ts';
import { scoreText } from './scores-text.ts';
import { stoppingAfter, untilInterrupted } from './until-interrupted.ts';

/** Trains with a progress bar and a line per validation, until done or Ctrl-C. */
export function trainVisibly(request: Omit<TrainingRequest, 'signal' | 'onValidation'>): Promise<TrainingOutcome> {
  const { iterations } = request.model.config.training;
  return withProgress('training', iterations, (progress) =>
    untilInterrupted(stoppingAfter('step'), (signal) =>
      train({
        ...request,
        signal,
        onStep: (report) => {
          const { step, losses, seconds } = report;
          request.onStep?.(report);
          progress.update(step, `${seconds.toFixed(2)} s/step  loss ${losses.total.toFixed(3)}`);
        },
        onValidation: ({ step, aji, dice, f1, pq, best }) => {
          if (request.validation.length === 0) return;
          const scores = `AJI ${scoreText(aji)}, Dice ${scoreText(dice)}, F1 ${scoreText(f1)}, PQ ${scoreText(pq)}`;
          progress.say(`step ${step} of ${iterations}: validation ${scores}${best ? ', the best so far' : ''}`);
        },
      }),
    ),
  );
}
