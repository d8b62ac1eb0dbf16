// Jinja in SQL as VS Code colours it: its own grammar of SQL, ours put into it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const code = path.join(path.dirname(require.resolve('code-server/package.json')), 'lib', 'vscode');
const inCode = createRequire(path.join(code, 'package.json'));
const textmate = inCode('vscode-textmate');
const oniguruma = inCode('vscode-oniguruma');

const OURS = 'glueline.jinja.injection';
const FILES = {
  'source.sql': path.join(code, 'extensions/sql/syntaxes/sql.tmLanguage.json'),
  [OURS]: fileURLToPath(new URL('../../syntaxes/jinja.injection.tmLanguage.json', import.meta.url)),
  // Of another extension: ours has to stay out of it.
  'source.sql.jinja': { scopeName: 'source.sql.jinja', patterns: [{ match: '\\{\\{.*?\\}\\}', name: 'theirs' }] },
};

async function grammar(scope) {
  const wasm = readFileSync(inCode.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm).catch(() => undefined);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (name) => {
      const source = FILES[name];
      return typeof source === 'string' ? textmate.parseRawGrammar(readFileSync(source, 'utf8'), source) : (source ?? null);
    },
    getInjections: (name) => (name.startsWith('source.sql') ? [OURS] : undefined),
  });
  return registry.loadGrammar(scope);
}

/** The scopes of the last piece `needle` of a text. */
function scopes(of, text, needle) {
  let state = textmate.INITIAL;
  let found;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = of.tokenizeLine(line, state);
    const at = line.lastIndexOf(needle);
    if (at >= 0) {
      found = tokens.find((token) => token.startIndex <= at && at < token.endIndex).scopes;
    }
    state = ruleStack;
  }
  assert.ok(found, `${needle} in ${text}`);
  return found.join(' ');
}

test('colours', async () => {
  const sql = await grammar('source.sql');
  for (const [text, needle, expected, absent = 'nothing'] of [
    ["select * from {{ ref('orders') }}", 'ref', 'entity.name.function.jinja'],
    ["select * from {{ ref('orders') }}", 'orders', 'string.quoted.single.jinja'],
    ["select * from {{ ref('orders') }} where a", 'where', 'keyword', 'jinja'],
    ['{% if is_incremental() %} where x {% endif %}', 'endif', 'keyword.control.jinja'],
    ['{% if is_incremental() %} where x {% endif %}', 'where', 'keyword', 'jinja'],
    ["{# don't #} select a", 'select', 'keyword', 'jinja'],
    ["{# don't #} select a", 'don', 'comment.block.jinja'],
    ["{# one\ntwo don't\n#} select a", 'select', 'keyword', 'jinja'],
    ["select '{{ var(\"day\") }}' as d", 'day', 'string.quoted.double.jinja'],
    ["select '{{ var(\"day\") }}' as d", ' as', '', 'string'],
    ["where d = '{{ var('day') }} 00:00' and e", 'day', 'string.quoted.single.jinja'],
    ["where d = '{{ var('day') }} 00:00' and e", 'and', 'keyword', 'string'],
    ["where d = '{{ a }}' and e = '{{ b }}' or c", 'and', 'keyword', 'string'],
    ["where d = 'x' and e = '{{ b }}' or c", 'and', 'keyword', 'string'],
    // As many ways to read it as there are stars in the sky, were the grammar careless.
    [`${"'{{ a }} {% b %}".repeat(60)}{{ last`, 'last', 'variable.other.jinja'],
    ["-- {{ ref('orders') }}", 'ref', 'entity.name.function.jinja'],
    ['{{ config(meta={"a": {"b": 1}}) }} select a', 'select', 'keyword', 'jinja'],
    ['{{ config(meta={"a": {"b": 1}}) }} select a', 'meta', 'variable.parameter.jinja'],
    ["{{ '}}' }} select a", 'select', 'keyword', 'jinja'],
    ["{% raw %} {{ x(' }} {% endraw %} select a", 'x(', 'meta.raw.jinja', 'entity'],
    ["{% raw %} {{ x(' }} {% endraw %} select a", 'select', 'keyword', 'jinja'],
    ['{{ a | upper }}', 'upper', 'support.function.filter.jinja'],
    ['{%- set n = 12 -%}', '12', 'constant.numeric.jinja'],
    ["{{ ref('or", 'or', 'string.quoted.single.jinja'],
  ]) {
    const found = scopes(sql, text, needle);
    assert.ok(found.includes(expected) && !found.includes(absent), `${needle} in ${text}: ${found}`);
  }
});

test('other grammars of Jinja are left alone', async () => {
  const found = scopes(await grammar('source.sql.jinja'), "{{ ref('orders') }}", 'ref');
  assert.equal(found, 'source.sql.jinja theirs');
});
