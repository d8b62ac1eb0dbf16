// Rows as text that other programs read.

import assert from 'node:assert/strict';
import test from 'node:test';
import table from '../out/table.js';

const { delimited, isNumeric, shown, spread } = table;
const ROWS = {
  columns: [{ name: 'id', type: 'bigint' }, { name: 'a, b', type: 'string' }, { name: 'tags', type: 'array<string>' }],
  rows: [
    [1, 'NULL', ['x', null]],
    ['9007199254740993', null, []],
    [-3, '', null],
    [null, 'two\nlines\tand "a tab"', { k: 1.5 }],
  ],
};

test('no value, an empty text and the text NULL are three things in a file', () => {
  assert.equal(
    delimited(ROWS, ','),
    'id,"a, b",tags\r\n1,NULL,"[""x"",null]"\r\n9007199254740993,,[]\r\n-3,"",\r\n,"two\nlines\tand ""a tab""","{""k"":1.5}"\r\n',
  );
  assert.equal(
    delimited(ROWS, '\t'),
    'id\ta, b\ttags\n1\tNULL\t"[""x"",null]"\n9007199254740993\t\t[]\n-3\t""\t\n\t"two\nlines\tand ""a tab"""\t"{""k"":1.5}"\n',
  );
});

test('a part has no head and no line end', () => {
  assert.equal(delimited(ROWS, '\t', { rows: [0, 1], columns: [0, 1] }), '1\tNULL\n9007199254740993\t');
  assert.equal(delimited(ROWS, ',', { rows: [1, 1], columns: [0, 0] }), '9007199254740993');
});

test('types that count', () => {
  for (const type of ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal', 'decimal(10,2)']) {
    assert.ok(isNumeric(type), type);
  }
  for (const type of ['string', 'interval day', 'array<int>', 'struct<int:int>', 'map<int,int>', 'integers', 'date', 'boolean']) {
    assert.ok(!isNumeric(type), type);
  }
});

test('values', () => {
  assert.deepEqual([null, true, 'a', 1.5, ['a', null], { a: [1] }].map(shown), ['', 'true', 'a', '1.5', '["a",null]', '{"a":[1]}']);
  assert.equal(spread({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}');
  assert.equal(spread(null), '');
});
