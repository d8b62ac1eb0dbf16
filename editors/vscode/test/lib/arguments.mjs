// What the tests are told, and how the server is made to write down its messages.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export function arguments_() {
  const string = { type: 'string' };
  const { values } = parseArgs({ options: { vsix: string, fixtures: string, glue: string, messages: string, pictures: string, only: string } });
  for (const [name, value] of Object.entries(values).filter(([name]) => name !== 'only')) {
    values[name] = path.resolve(value);
  }
  mkdirSync(values.messages, { recursive: true });
  return values;
}

/** Settings by which the bundled server is started with `--record`, through a script: one file for each start, of this name and more. */
export function recorder(messages, name) {
  return ({ home, extension }) => {
    const script = path.join(home, 'glueline-record');
    const words = ['#!/bin/sh', 'shift', `exec '${extension}/bin/glueline' lsp --record '${messages}/${name}'-$$.jsonl "$@"`, ''];
    writeFileSync(script, words.join('\n'));
    chmodSync(script, 0o755);
    return { 'glueline.path': script };
  };
}
