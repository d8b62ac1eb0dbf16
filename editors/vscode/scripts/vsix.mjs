// What a package says it is for, and what the program inside was built for.
//
//   node scripts/vsix.mjs FILE...     status 1 where one of them does not hold what it says

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';

/** The files of a package: names, contents, and permissions as Unix has them. */
export function entries(archive) {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error('no zip archive');
  const files = new Map();
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    const method = archive.readUInt16LE(at + 10);
    const packed = archive.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const mode = archive.readUInt16LE(at + 40) & 0o777;
    const local = archive.readUInt32LE(at + 42);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(begin, begin + packed);
    files.set(archive.toString('utf8', at + 46, at + 46 + name), {
      mode,
      read: () => (method === 8 ? inflateRawSync(bytes) : bytes),
    });
    at += 46 + name + extra + comment;
  }
  return files;
}

const ELF = { 0x3e: 'x64', 0xb7: 'arm64', 0x28: 'armhf' };
const MACH = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE = { 0x8664: 'x64', 0xaa64: 'arm64' };

/** The targets of packages that a program can be part of, by its header. */
export function targets(program) {
  const cpu = (table, number) => table[number] ?? `cpu-${number.toString(16)}`;
  if (program.readUInt32BE(0) === 0x7f454c46) {
    const arch = cpu(ELF, program.readUInt16LE(18));
    // A program names its loader near its beginning; a static one has none and runs with either C library.
    const loader = /\/ld-(musl|linux)[-\w.]*/.exec(program.toString('latin1', 0, 8192))?.[1];
    const systems = loader === undefined ? ['linux', 'alpine'] : [loader === 'musl' ? 'alpine' : 'linux'];
    return systems.map((system) => `${system}-${arch}`);
  }
  if (program.readUInt32LE(0) === 0xfeedfacf) {
    return [`darwin-${cpu(MACH, program.readUInt32LE(4))}`];
  }
  if (program.toString('latin1', 0, 2) === 'MZ') {
    const header = program.readUInt32LE(0x3c);
    return [`win32-${cpu(PE, program.readUInt16LE(header + 4))}`];
  }
  return [];
}

/** What is wrong with a package; nothing where it holds what it says. */
export function faults(archive) {
  const files = entries(archive);
  const manifest = files.get('extension.vsixmanifest')?.read().toString('utf8') ?? '';
  const target = /TargetPlatform="([^"]*)"/.exec(manifest)?.[1];
  const programs = [...files.keys()].filter((name) => name.startsWith('extension/bin/'));
  if (target === undefined) {
    return programs.length === 0 ? [] : ['It is for every platform and holds a program for one.'];
  }
  const name = target.startsWith('win32') ? 'extension/bin/glueline.exe' : 'extension/bin/glueline';
  const program = files.get(name);
  if (program === undefined) {
    return [`It is for ${target} and has no ${name}.`];
  }
  const found = [];
  const built = targets(program.read());
  if (!built.includes(target)) {
    found.push(`It is for ${target}, and its program for ${built.join(', ') || 'nothing known'}.`);
  }
  if (!target.startsWith('win32') && (program.mode & 0o111) !== 0o111) {
    found.push(`Its program may not be executed (${program.mode.toString(8)}).`);
  }
  for (const stray of files.keys()) {
    if (/node_modules|\.ts$|\.map$|^extension\/(src|test|scripts)\//.test(stray)) {
      found.push(`It holds ${stray}.`);
    }
  }
  for (const needed of ['extension/dist/extension.js', 'extension/dist/rows.js', 'extension/dist/rows.css', 'extension/LICENSE.txt', 'extension/icons/glueline.png']) {
    if (!files.has(needed)) found.push(`It has no ${needed}.`);
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let wrong = 0;
  for (const file of process.argv.slice(2)) {
    for (const fault of faults(readFileSync(file))) {
      console.error(`${file}: ${fault}`);
      wrong = 1;
    }
  }
  process.exit(wrong);
}
