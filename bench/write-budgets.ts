/** `node bench/write-budgets.ts`: makes bench/budgets.json of the values in bench/results/report.json; run it after a full run on a quiet machine. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BUDGETS_FILE, budgetFor, readBudgets } from './budgets.ts';
import { readReport } from './compare.ts';

const { mode, verdicts } = await readReport(fileURLToPath(new URL('./results/report.json', import.meta.url)));
const measured = verdicts.filter(({ value }) => Number.isFinite(value));
const budgets = {
  ...(await readBudgets()),
  ...Object.fromEntries(measured.map(verdict => [verdict.id, budgetFor(verdict)])),
};
await writeFile(BUDGETS_FILE, `${JSON.stringify(budgets, null, 2)}\n`);
console.log(`bench/budgets.json: ${measured.length} budgets, of a ${mode} run`);
