// Makes the package of one platform, with the server inside:
//
//   npm run package -- --target linux-x64 --binary ../../target/release/glueline [--license FILE] [--out FILE]
//
// Without a target there is no server inside: the extension then takes the one of the Python environment or the PATH.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faults, targets } from './vsix.mjs';

const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values: set } = parseArgs({
  options: {
    target: { type: 'string' },
    binary: { type: 'string' },
    license: { type: 'string', default: path.join(here, '..', '..', 'LICENSE') },
    out: { type: 'string' },
  },
});
if ((set.target === undefined) !== (set.binary === undefined)) {
  fail('A package has both a --target and a --binary, or neither.');
}
if (set.binary !== undefined && !targets(readFileSync(set.binary)).includes(set.target)) {
  fail(`${set.binary} is no program for ${set.target}.`);
}

const stage = path.join(here, 'out', 'stage');
rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
run('npm', ['run', '--silent', 'check']);
run('npm', ['run', '--silent', 'build']);
for (const part of ['package.json', 'README.md', 'CHANGELOG.md', '.vscodeignore', 'dist', 'icons', 'syntaxes']) {
  cpSync(path.join(here, part), path.join(stage, part), { recursive: true });
}
copyFileSync(set.license, path.join(stage, 'LICENSE'));
if (set.binary !== undefined) {
  const program = path.join(stage, 'bin', set.target.startsWith('win32') ? 'glueline.exe' : 'glueline');
  mkdirSync(path.dirname(program));
  copyFileSync(set.binary, program);
  chmodSync(program, 0o755);
}

const out = path.resolve(set.out ?? path.join(here, 'out', `glueline-${set.target ?? 'any'}.vsix`));
mkdirSync(path.dirname(out), { recursive: true });
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const target = set.target === undefined ? [] : ['--target', set.target];
execFileSync(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', ...target, '--out', out], {
  cwd: stage,
  stdio: ['ignore', 2, 2],
});
const wrong = faults(readFileSync(out));
if (wrong.length > 0) {
  fail(wrong.join('\n'));
}
console.log(out);

function run(program, args) {
  execFileSync(program, args, { cwd: here, stdio: ['ignore', 2, 2] });
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
