// What a package says it is for has to be what its program was built for.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { faults, targets } from '../../scripts/vsix.mjs';

const elf = (machine, rest = '') => {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header.writeUInt16LE(machine, 18);
  return Buffer.concat([header, Buffer.from(rest)]);
};
const mach = (cpu) => {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(cpu, 4);
  return header;
};
const pe = (machine) => {
  const header = Buffer.alloc(160);
  header.write('MZ');
  header.writeUInt32LE(128, 0x3c);
  header.writeUInt16LE(machine, 132);
  return header;
};

test('headers', () => {
  for (const [program, expected] of [
    [elf(0x3e, '/lib64/ld-linux-x86-64.so.2'), ['linux-x64']],
    [elf(0xb7, '/lib/ld-linux-aarch64.so.1'), ['linux-arm64']],
    [elf(0x3e, '/lib/ld-musl-x86_64.so.1'), ['alpine-x64']],
    [elf(0x3e), ['linux-x64', 'alpine-x64']],
    [mach(0x0100000c), ['darwin-arm64']],
    [mach(0x01000007), ['darwin-x64']],
    [pe(0x8664), ['win32-x64']],
    [pe(0xaa64), ['win32-arm64']],
    [Buffer.from('#!/bin/sh\nexec glueline "$@"\n'), []],
  ]) {
    assert.deepEqual(targets(program), expected);
  }
});

test('packages', () => {
  const linux = elf(0x3e, '/lib64/ld-linux-x86-64.so.2');
  const good = { 'extension/bin/glueline': { mode: 0o755, bytes: linux } };
  for (const [target, files, expected] of [
    ['linux-x64', good, []],
    ['darwin-arm64', good, ['It is for darwin-arm64, and its program for linux-x64.']],
    ['win32-x64', good, ['It is for win32-x64 and has no extension/bin/glueline.exe.']],
    ['linux-x64', {}, ['It is for linux-x64 and has no extension/bin/glueline.']],
    ['linux-x64', { 'extension/bin/glueline': { mode: 0o644, bytes: linux } }, ['Its program may not be executed (644).']],
    ['linux-x64', { ...good, 'extension/src/extension.ts': {} }, ['It holds extension/src/extension.ts.']],
    [undefined, {}, []],
    [undefined, good, ['It is for every platform and holds a program for one.']],
  ]) {
    assert.deepEqual(faults(archive(target, files)), expected);
  }
});

test('lock files name no host', () => {
  for (const file of ['../../package-lock.json', '../package-lock.json']) {
    const { packages } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
    assert.ok(Object.keys(packages).length > 1);
    assert.deepEqual(Object.values(packages).filter((one) => one.resolved !== undefined && !one.link), []);
  }
});

/** A zip archive as `vsce` writes it. */
function archive(target, files) {
  const manifest = `<PackageManifest><Identity ${target === undefined ? '' : `TargetPlatform="${target}"`}/></PackageManifest>`;
  const all = {
    'extension.vsixmanifest': { bytes: Buffer.from(manifest) },
    'extension/dist/extension.js': {},
    'extension/dist/rows.js': {},
    'extension/dist/rows.css': {},
    'extension/LICENSE.txt': {},
    'extension/icons/glueline.png': {},
    ...files,
  };
  const local = [];
  const central = [];
  let offset = 0;
  for (const [name, { mode = 0o644, bytes = Buffer.from('x') }] of Object.entries(all)) {
    const packed = deflateRawSync(bytes);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(name.length, 26);
    local.push(head, Buffer.from(name), packed);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(0o100000 | mode, 40);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32BE(0x504b0506, 0);
  end.writeUInt16LE(Object.keys(all).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, ...central, end]);
}
