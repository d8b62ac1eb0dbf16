// The tests in `host/`, run by VS Code's extension host with our package installed.
//
//   node host.mjs --vsix FILE --fixtures DIR --messages DIR [--only WORDS]     status 0 where all hold

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { arguments_, recorder } from './lib/arguments.mjs';
import { HERE, Workbench, sleep } from './lib/workbench.mjs';

const set = arguments_();
const workbench = await Workbench.start({ ...set, settings: recorder(set.messages) });
let failed = true;
let said = '';
try {
  const results = path.join(workbench.home, 'results.json');
  const stub = path.join(workbench.home, 'stub');
  mkdirSync(stub);
  writeFileSync(path.join(stub, 'package.json'), JSON.stringify({ name: 'stub', publisher: 'test', version: '0.0.1', engines: { vscode: '*' } }));
  writeFileSync(path.join(workbench.home, 'places.json'), JSON.stringify({ results, only: set.only }));
  const page = await workbench.open((address) => [
    ['extensionDevelopmentPath', address(stub)],
    ['extensionTestsPath', address(path.join(HERE, 'out', 'index.js'))],
  ]);
  const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
  await page.exposeFunction('codeAutomationLog', (kind, words) => (said += `${kind} ${words.join(' ')}\n`));
  await page.goto(workbench.url);
  const code = await Promise.race([ended, sleep(600_000).then(() => 'no answer within 600 s')]);
  failed = report(results, code);
  if (failed) console.error(said);
} catch (error) {
  console.error(error);
  console.error(said);
  console.error(workbench.told());
} finally {
  const left = await workbench.close();
  for (const line of left) {
    console.error(`left behind: ${line}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

function report(file, code) {
  const { tests, failures } = JSON.parse(readFileSync(file, 'utf8'));
  for (const test of tests) {
    console.log(`${test.failed ? 'FAILED' : 'passed'}  ${test.title} (${test.milliseconds} ms)`);
    if (test.failed) console.log(test.failed.replace(/^/gm, '        '));
  }
  console.log(`${tests.length} tests in VS Code's extension host, ${failures} failed (exit ${code})`);
  return failures > 0 || tests.length === 0 || code !== 0;
}
