// The tests in `host/`, run by VS Code's extension host with our package installed.
//
//   node host.mjs --vsix FILE --fixtures DIR --glue FILE --messages DIR [--only WORDS]     status 0 where all hold

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { arguments_, recorder } from './lib/arguments.mjs';
import { HERE, Workbench, sleep } from './lib/workbench.mjs';

const set = arguments_();
// On a machine that stands still for half a minute VS Code gives its extension host up before a test began. That says nothing of us.
process.exit((await once('host')) ?? (await once('host-again')) ?? 1);

/** Starts VS Code and runs the tests: the status to end with, or nothing where none began. */
async function once(name) {
  const workbench = await Workbench.start({ ...set, settings: recorder(set.messages, name) });
  let status;
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
    if (existsSync(results)) {
      status = report(results, code) ? 1 : 0;
    } else {
      console.error(`No test was run (exit ${code}).`);
    }
  } catch (error) {
    console.error(error);
  }
  if (status !== 0) {
    console.error(said);
    console.error(workbench.told());
  }
  for (const line of await workbench.close()) {
    console.error(`left behind: ${line}`);
    status = 1;
  }
  if (status === undefined) {
    // A talk that was cut off is none to be judged.
    const cut = readdirSync(set.messages).filter((file) => file.startsWith(`${name}-`));
    cut.forEach((file) => rmSync(path.join(set.messages, file)));
  }
  return status;
}

function report(file, code) {
  const { tests, failures } = JSON.parse(readFileSync(file, 'utf8'));
  for (const test of tests) {
    console.log(`${test.failed ? 'FAILED' : 'passed'}  ${test.title} (${test.milliseconds} ms)`);
    if (test.failed) console.log(test.failed.replace(/^/gm, '        '));
  }
  console.log(`${tests.length} tests in VS Code's extension host, ${failures} failed (exit ${code})`);
  return failures > 0 || tests.length === 0 || code !== 0;
}
