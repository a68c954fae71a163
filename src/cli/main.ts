import { rules } from '../rules/index.ts';
import { run } from './run.ts';

// A reader that stops early (`headroom check | head`) is no error; what is left to print is dropped.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// The exit code is set, not enforced: the process ends by itself once its output is written.
process.exitCode = run(process.argv.slice(2), {
  terminal: {
    folder: process.cwd(),
    colors: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  },
  rules,
});
