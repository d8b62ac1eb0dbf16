// What a user sees: the workbench driven by keys and mouse, with a picture of every step.
//
//   node ui.mjs --vsix FILE --fixtures DIR --glue FILE --messages DIR --pictures DIR     status 0 where every step holds

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { arguments_, recorder } from './lib/arguments.mjs';
import { Workbench, sleep } from './lib/workbench.mjs';
import { STEPS, aside } from './lib/steps.mjs';

const set = arguments_();
mkdirSync(set.pictures, { recursive: true });
const workbench = await Workbench.start({ ...set, settings: recorder(set.messages, 'ui') });
let failed = 0;
try {
  const project = path.join(workbench.workspace, 'shop-faulty');
  const file = path.join(project, 'models', 'marts', 'fct_orders.sql');
  const page = await workbench.open((address) => [['openFile', address(file)]], project);
  await page.goto(workbench.url);
  for (const [number, { name, run, after }] of STEPS.entries()) {
    const began = Date.now();
    const problem = await run(page, workbench.workspace).then(() => undefined, (error) => error);
    const picture = `${String(number + 1).padStart(2, '0')}-${name.replaceAll(/[^a-z]+/g, '-')}.png`;
    await page.screenshot({ path: path.join(set.pictures, picture) });
    console.log(`${problem ? 'FAILED' : 'passed'}  ${name} (${Date.now() - began} ms)`);
    if (problem) {
      console.log(`        ${problem.message}`);
      failed += 1;
    }
    await page.keyboard.press('Escape');
    await after?.(page);
    await aside(page);
    await sleep(300);
  }
} catch (error) {
  console.error(error);
  console.error(workbench.told());
  failed += 1;
} finally {
  for (const line of await workbench.close()) {
    console.error(`left behind: ${line}`);
    failed += 1;
  }
}
console.log(`${STEPS.length} steps in the workbench, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
