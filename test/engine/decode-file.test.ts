import { expect, it } from 'vitest';
import { decodeFile } from '../../src/engine/decode-file.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

it('takes UTF-8 and remembers the byte order mark', () => {
  expect(decodeFile('a.yaml', bytes('\uFEFFa: 你好'))).toEqual({ text: 'a: 你好', byteOrderMark: true });
  expect(decodeFile('a.yaml', bytes(''))).toEqual({ text: '', byteOrderMark: false });
});

it('refuses other encodings', () => {
  const why = { why: 'not UTF-8 text' };
  expect(decodeFile('a.yaml', new Uint8Array([0xc4, 0xe3, 0xba, 0xc3]))).toEqual(why);
  expect(decodeFile('a.yaml', new Uint8Array([0xff, 0xfe, 0x61, 0x00]))).toEqual(why);
  expect(decodeFile('a.yaml', new Uint8Array([0x61, 0x00, 0x62, 0x00]))).toEqual(why);
});

it('caps each kind of file in characters, not bytes', () => {
  expect(decodeFile('deploy/Dockerfile.prod', bytes('x'.repeat(256_001)))).toEqual({ why: 'larger than 256 KB' });
  expect(decodeFile('.env', bytes('x'.repeat(256_001)))).toEqual({ why: 'larger than 256 KB' });
  expect(decodeFile('prod.env', bytes('x'.repeat(256_001)))).toEqual({ why: 'larger than 256 KB' });
  expect(decodeFile('a.py', bytes('x'.repeat(1_000_000)))).toMatchObject({ byteOrderMark: false });
  expect(decodeFile('a.yml', bytes('你'.repeat(1_000_000)))).toMatchObject({ byteOrderMark: false });
  expect(decodeFile('a.yml', bytes('x'.repeat(1_000_001)))).toEqual({ why: 'larger than 1000 KB' });
});
