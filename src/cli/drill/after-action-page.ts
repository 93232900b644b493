/** The after-action report in words: a short block for the terminal, a page for the folder of a drill. */
import { shortened } from './shortened.ts';
import { spanOf, type AfterAction } from './after-action.ts';

/** A few lines for the terminal. */
export function afterActionLines(report: AfterAction): string[] {
  const { score, steps, margins, missing, marks } = report;
  const steppedOn = steps.filter(({ secondsAfterReport }) => secondsAfterReport !== null);
  return [
    `after action: ${String(score.earned)} of ${String(score.of)} marks; case time since the first report, ${paceOf(report)}`,
    `     ${steppedOn.map((step) => `${step.step} ${spanOf(step.secondsAfterReport)}`).join(', ')}`,
    ...(margins.length === 0
      ? []
      : [`     tightest: ${margins.slice(0, 1).map(marginLine).join()}`]),
    `     ready and waiting for a person: ${spanOf(report.idleSeconds)} (${waitLine(report)})`,
    ...marks
      .filter(({ earned }) => !earned)
      .map((mark) => `     lost: ${mark.mark} (${mark.because})`),
    ...(missing.length === 0 ? [] : [`     missing: ${shortened(missing, 5).join('; ')}`]),
  ];
}

/** The whole report as Markdown. */
export function afterActionPage(report: AfterAction): string {
  const { score, steps, margins, marks, missing } = report;
  return [
    `# After action: ${report.case}, ${report.scenario}`,
    '',
    `EXERCISE. Score: ${String(score.earned)} of ${String(score.of)}. The first report arrived at ${report.reportedAt}; all times are case time, ${paceOf(report)}.`,
    '',
    '| Step | Done | After the first report |',
    '|---|---|---|',
    ...steps.map(
      ({ step, doneAt, secondsAfterReport }) =>
        `| ${step} | ${doneAt ?? 'nothing to do, or never done'} | ${spanOf(secondsAfterReport)} |`,
    ),
    '',
    `Notices that left: ${phaseLine(report)}.`,
    '',
    '## Marks',
    '',
    ...marks.map((mark) => `- ${mark.earned ? 'earned' : 'LOST'}: ${mark.mark} (${mark.because})`),
    '',
    '## Margins, the tightest first',
    '',
    ...(margins.length === 0 ? ['Nothing had a date.'] : margins.map((m) => `- ${marginLine(m)}`)),
    '',
    '## Ready, and waiting for a person',
    '',
    `${spanOf(report.idleSeconds)} in all: ${waitLine(report)}.`,
    '',
    '## What was missing',
    '',
    ...(missing.length === 0 ? ['Nothing.'] : missing.map((what) => `- ${what}`)),
    '',
  ].join('\n');
}

function marginLine({ to, marginSeconds }: AfterAction['margins'][number]): string {
  return marginSeconds < 0
    ? `${to}, LATE by ${spanOf(-marginSeconds)}`
    : `${to}, ${spanOf(marginSeconds)} before its due`;
}

function waitLine({ waits }: AfterAction): string {
  const groups = Map.groupBy(waits, (wait) => wait.for);
  const longest = [...groups].map(([what, group]) => {
    const most = Math.max(...group.map(({ seconds }) => seconds));
    return `${what} ${String(group.length)}x, at most ${spanOf(most)}`;
  });
  return longest.length === 0 ? 'nothing waited' : longest.join('; ');
}

function phaseLine({ phases }: AfterAction): string {
  const left = Object.entries(phases).filter(([, count]) => count > 0);
  return left.length === 0
    ? 'none'
    : left.map(([phase, count]) => `${String(count)} ${phase}`).join(', ');
}

/** A compressed clock makes the machine look slow; a reader must know by how much. */
function paceOf({ speed }: AfterAction): string {
  return `in which a second of the machine is ${spanOf(speed)}`;
}
