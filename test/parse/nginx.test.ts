import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NginxDirective, parseNginx } from '../../src/parse/nginx.ts';

const shape = (directives: readonly NginxDirective[]): unknown[] =>
  directives.map(({ name, arguments: words, block }) => [
    name,
    ...words.map(({ text }) => text),
    ...(block ? [shape(block)] : []),
  ]);

describe('nginx configuration', () => {
  it('reads blocks, quotes, comments and variables in braces', () => {
    const text = `
# proxy_pass http://old;
upstream app { server web:8000 fail_timeout=0; keepalive 8; }
server {
  listen 80; # plain
  location ~ ^/(a|b)\\.html$ { return 200 'it\\'s {fine};'; }
  location / { proxy_pass http://\${BACKEND}:8000; proxy_set_header Host "$host"; }
}`;
    expect(shape(parseNginx(text).directives)).toEqual([
      [
        'upstream',
        'app',
        [
          ['server', 'web:8000', 'fail_timeout=0'],
          ['keepalive', '8'],
        ],
      ],
      [
        'server',
        [
          ['listen', '80'],
          ['location', '~', '^/(a|b)\\.html$', [['return', '200', "it's {fine};"]]],
          [
            'location',
            '/',
            [
              ['proxy_pass', 'http://${BACKEND}:8000'],
              ['proxy_set_header', 'Host', '$host'],
            ],
          ],
        ],
      ],
    ]);
  });

  it('says where a value is written', () => {
    const text = 'http { proxy_read_timeout "300s"; }';
    const value = parseNginx(text).directives[0]?.block?.[0]?.arguments[0];
    expect(value && text.slice(value.span.start, value.span.end)).toBe('300s');
  });

  it('leaves Lua out and closes what a half-typed file leaves open', () => {
    const text = 'server { content_by_lua_block { if x { y = "}" } } listen 80; location / { proxy_pass http://a';
    const { directives, errors } = parseNginx(text);
    expect(directives[0]?.name).toBe('server');
    expect(errors.map(({ code }) => code)).toContain('unclosed-block');
  });

  it('never throws and always ends', () => {
    const piece = fc.constantFrom(
      'server',
      '{',
      '}',
      ';',
      '"',
      "'",
      '\\',
      '${',
      '#',
      '\n',
      ' ',
      'x_by_lua_block',
      '\uFFFC',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        expect(Array.isArray(parseNginx(pieces.join('')).directives)).toBe(true);
      }),
    );
    expect(parseNginx('a{'.repeat(10_000)).errors[0]?.code).toBe('too-deep');
  });
});
