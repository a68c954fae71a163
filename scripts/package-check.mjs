import { readFileSync, statSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** What a VSIX may hold below `extension/`. vsce renames the licence and lower-cases the pages it shows. */
const allowed = [
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(readme|changelog)\.md$/i,
  /^license(\.txt|\.md)?$/i,
  /^dist\/(extension|browser)\.js$/,
  /^dist\/panel\/[\w-]+\.(js|css)$/,
  /^media\/[\w/-]+\.(png|svg|css|md)$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^schemas\/[\w.-]+\.json$/,
  /^docs\/rules\/[\w-]+\.md$/,
  /^docs\/(validation\.md|images\/validation\.svg)$/,
  /^l10n\/[\w.-]+\.json$/,
];
const required = [
  'package.json',
  'readme.md',
  'dist/extension.js',
  'dist/panel/panel.js',
  'dist/panel/simulate-worker.js',
  'media/panel.css',
  'docs/validation.md',
];
const sizeLimitBytes = 3_000_000;

/** Says what is wrong with the VSIX at `path`, one line each: files that do not belong there or are missing, its size. */
export function checkPackage(path) {
  const entries = readZip(path);
  const prefix = 'extension/';
  const files = [...entries.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const problems = files.filter((file) => !allowed.some((one) => one.test(file))).map((file) => `unexpected: ${file}`);
  const lowerCase = new Set(files.map((file) => file.toLowerCase()));
  const manifest = JSON.parse(entries.get(`${prefix}package.json`)?.() ?? '{}');
  const named = [manifest.main, manifest.browser, manifest.icon, ...manifestPaths(manifest.contributes)];
  const wanted = [...required, ...named.filter((file) => file !== undefined).map((file) => file.replace(/^\.\//, ''))];
  for (const file of new Set(wanted)) if (!lowerCase.has(file.toLowerCase())) problems.push(`missing: ${file}`);
  const { size } = statSync(path);
  if (size > sizeLimitBytes) problems.push(`${size} bytes are more than ${sizeLimitBytes}`);
  return { files, sizeBytes: size, problems };
}

/** The files that the manifest's contributions name. */
function manifestPaths(contributes = {}) {
  const { grammars = [], languages = [], jsonValidation = [], yamlValidation = [] } = contributes;
  const paths = [...grammars.map((one) => one.path), ...languages.map((one) => one.configuration)];
  const schemas = [...jsonValidation, ...yamlValidation].map((one) => one.url).filter((url) => url?.startsWith('./'));
  return [...paths, ...schemas];
}

/** The entries of a zip file by name; the value reads the text. */
function readZip(path) {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06'));
  const entries = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const [method, packedLength, local] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    entries.set(name, () => {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const packed = bytes.subarray(start, start + packedLength);
      return (method === 0 ? packed : inflateRawSync(packed)).toString('utf8');
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}
